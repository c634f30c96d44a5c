"""`say` templates of a field pack → patterns: how a shop teaches the extractor its own fields without code.

`{value}` stands for the value (a spelling of the vocabulary, a number, or what the field's pattern allows), `…` for up to
twelve characters of the same clause, `(a|b)` for one of these, `[a|b]` for one of these or nothing, `[a|b]*` for up to
four of them. All else is taken literally; a space stands for one blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from huaxiang.extract.pattern import Pattern
from huaxiang.schema.pack import FieldPack, FieldSpec

_TOKENS = re.compile(r"\{value\}|…|\[([^\[\]]*)\](\*?)|\(([^()]*)\)|[^\[\]{}()…]+|.")
_GAP = r"[^,，。.!！?？;；\n]{0,12}?"
_NUMBER = r"(?<![\d.])\d{1,4}(?:\.\d+)?(?![\d.]*\d)"


def patterns_of(pack: FieldPack) -> Iterator[Pattern]:
    """The patterns that the pack's own `say` and `say_not` templates make, in the pack's order."""
    for spec in pack.fields.values():
        for value, says in (("true", spec.say), ("false", spec.say_not)):
            for language, templates in says.items():
                for template in templates:
                    yield Pattern(
                        spec.name,
                        f"say.{language}@{pack.version}",
                        to_regex(template, spec, language),
                        value=value if spec.type == "boolean" else None,
                    )


def to_regex(template: str, spec: FieldSpec, language: str) -> str:
    """The regular expression of one template."""
    parts = [_part(match, spec) for match in _TOKENS.finditer(template)]
    body = "".join(parts)
    if language != "en":
        return body
    left = r"\b" if re.match(r"\w", template) else ""
    right = r"(?![\w-])" if re.search(r"[\w})\]]$", template) else ""
    return f"{left}{body}{right}"


def _part(match: re.Match[str], spec: FieldSpec) -> str:
    token = match.group()
    if token == "{value}":
        return f"(?P<v>{_value(spec)})"
    if token == "…":
        return _GAP
    if match.group(3) is not None:
        return _one_of(match.group(3))
    if match.group(1) is not None:
        return _one_of(match.group(1)) + ("{0,4}" if match.group(2) else "?")
    return re.escape(token).replace(r"\ ", " ")


def _one_of(words: str) -> str:
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " ") for word in words.split("|")) + ")"


def _value(spec: FieldSpec) -> str:
    if spec.vocabulary:
        return "|".join(f"{{{name}}}" for name in spec.vocabulary)
    if spec.pattern is not None:
        return spec.pattern.removeprefix("^").removesuffix("$")
    return _NUMBER if spec.type in ("number", "money") else r"[\w\u3400-\u9fff]{1,12}"
