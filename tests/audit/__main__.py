"""Write `lessons/AUDIT.md` anew from the examples: `python -m tests.audit`."""

from __future__ import annotations

from tests.audit.page import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
