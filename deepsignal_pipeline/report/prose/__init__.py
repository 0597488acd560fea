"""The words of an edition, written from facts: titles, the signal, the categories, overlaps, method."""
