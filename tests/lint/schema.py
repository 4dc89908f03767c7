#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates JSON documents against doc/schema.json; unlike readers, with no key that it does not know.

schema.py [--lines SCHEMA] FILE...: with --lines each line is a document, by doc/SCHEMA: a TAP line each; 1 when one is not valid.
"""
import json
import sys
from pathlib import Path

import jsonschema


def close(schema):
    """Keys must be named where any are: so the schema cannot fall behind the program."""
    if isinstance(schema, list):
        for item in schema:
            close(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for item in schema.values():
            close(item)


def main():
    files, lines, path = sys.argv[1:], False, "schema.json"
    if files[:1] == ["--lines"]:
        files, lines, path = files[2:], True, files[1]
    path = Path(__file__).resolve().parents[2] / "doc" / path
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    close(schema)
    validator = jsonschema.Draft202012Validator(schema)
    bad = 0
    for number, name in enumerate(files, 1):
        try:
            text = Path(name).read_text(encoding="utf-8")
            documents = [json.loads(line) for line in text.splitlines()] if lines else [json.loads(text)]
            errors = [error for document in documents for error in validator.iter_errors(document)]
        except ValueError as error:
            errors = [error]
        bad += bool(errors)
        print(f"{'not ' if errors else ''}ok {number} - {'/'.join(Path(name).parts[-2:])}")
        for error in errors[:5]:
            where = "/".join(map(str, getattr(error, "absolute_path", [])))
            print(f"#   {where}: {str(getattr(error, 'message', error))[:200]}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
