"""Papermill with parameters for TypeScript notebooks: it has no translator of its own for the language.

    .venv/bin/python src/kernel/papermill_typescript.py IN.ipynb OUT.ipynb -p learningRate 0.1

The parameters stand in a cell that papermill puts after the one tagged "parameters", and replace what that one declares.
"""

import json

from papermill.cli import papermill
from papermill.translators import Translator, papermill_translators


class TypeScriptTranslator(Translator):
    """Python's values as TypeScript's. What json.dumps writes is both: also NaN and Infinity, which JSON has not."""

    @classmethod
    def translate(cls, val):
        return json.dumps(val)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        return f"let {name} = {str_val};"


papermill_translators.register("typescript", TypeScriptTranslator)

if __name__ == "__main__":
    papermill()
