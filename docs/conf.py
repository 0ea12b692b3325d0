"""The docs: Markdown through MyST, built with warnings as errors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generate import generate

generate()

project = "One Workforce"
author = "The One Workforce founders"
copyright = "2026, The One Workforce founders"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "One Workforce"
exclude_patterns = ["_build"]
