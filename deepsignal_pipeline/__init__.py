"""Contributor intelligence for open-source ML infrastructure. The house is described in docs/architecture.md."""
