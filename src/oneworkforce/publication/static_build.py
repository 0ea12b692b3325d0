"""The charts' JavaScript (Vega, Vega-Lite, Vega-Embed and the expression interpreter) is built from a Python package, without Node.js."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import vl_convert

_EXPORTS = "window.vega = vega; window.vegaLite = vegaLite; window.vegaEmbed = vegaEmbed;"


def build_chart_javascript(target: Path) -> Path:
    """`vega.js` is in the folder, and is written again only where its content differs.

    Built into `website/static/built` at set-up. It takes about two seconds, so a stamp with the versions beside it saves doing it
    again.
    """
    script, stamp = target / "vega.js", target / "vega.version"
    wanted = f"vl-convert-python {version('vl-convert-python')}"
    if script.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return script
    target.mkdir(parents=True, exist_ok=True)
    script.write_text(vl_convert.javascript_bundle(_EXPORTS), encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")
    return script
