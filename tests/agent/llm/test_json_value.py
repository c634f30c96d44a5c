import pytest

from agent.llm.json_value import check, grammar, parse

FACT = {
    "type": "object",
    "properties": {"n": {"type": "integer", "enum": [1, 2]}, "tags": {"type": "array", "items": {"type": "string"}}},
    "required": ["n"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("good", [{"n": 1}, {"n": 2, "tags": ["a"]}])
def test_what_fits_passes(good):
    check(good, FACT)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({}, "lacks n"),
        ({"n": 3}, "not one of"),
        ({"n": True}, "integer"),
        ({"n": 1, "x": 0}, "not declared"),
        ([], "object"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(bad, why):
    with pytest.raises(ValueError, match=why):
        check(bad, FACT)


def test_one_form_of_several_is_enough():
    forms = {"anyOf": [{"const": "a"}, {"type": "integer"}]}
    check(3, forms)
    with pytest.raises(ValueError, match="none of 2"):
        check("b", forms)


def test_json_in_a_fence_or_among_words_is_found():
    assert parse('Sure! ```json\n{"n": 1}\n``` hope it helps', FACT) == {"n": 1}
    with pytest.raises(ValueError, match="no JSON"):
        parse("I cannot", FACT)


def test_the_grammar_allows_no_white_space():
    assert '"whitespace_flexible": false' in grammar(FACT) and grammar(FACT).startswith(
        "%llguidance {}\nstart: %json {"
    )
