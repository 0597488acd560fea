"""Run as `python -m deepsignal_pipeline.cli`."""

import sys

from deepsignal_pipeline.cli import main

sys.exit(main())
