from agent.llm.scripted import ScriptedLlm
from agent.runtime import Runtime
from huaxiang.errors import ModelError
from ui.cli import extraction, output


def _profile(monkeypatch, run, shop, model):
    monkeypatch.setattr(Runtime, "map_reader", lambda _: None)  # it would load an encoder; it has tests of its own
    monkeypatch.setattr(extraction, "open_runtime", lambda *_, **__: Runtime.open(shop, llm=model))
    return run("profile", "build", "--shop", shop, "--llm", "local", "--json")


def test_what_the_model_read_is_kept_and_not_read_twice(run, empty, reviews, monkeypatch):
    run("import", reviews, "--shop", empty, "--no-index")
    first = _profile(monkeypatch, run, empty, ScriptedLlm(then={"facts": []}))
    assert first.code == 0 and first.json["extraction"]["customers"] == 3 and first.json["extraction"]["calls"] > 0
    again = _profile(monkeypatch, run, empty, ScriptedLlm())  # it has no answer left: asking it would fail
    assert again.code == 0 and again.json["extraction"]["calls"] == 0
    assert again.json["extraction"]["cached"] == again.json["extraction"]["texts"]


def test_a_model_that_fails_half_way_keeps_what_it_read(run, empty, reviews, monkeypatch):
    run("import", reviews, "--shop", empty, "--no-index")
    groups = 4  # of one customer
    model = ScriptedLlm(
        [{"facts": []}] * groups + [ModelError("gone", hint="start it again", code="model-unreachable")]
    )
    failed = _profile(monkeypatch, run, empty, model)
    assert failed.code == 5 and failed.out == "" and failed.error["code"] == "model-unreachable"
    rest = _profile(monkeypatch, run, empty, ScriptedLlm(then={"facts": []}))
    assert rest.json["extraction"]["cached"] >= 1


def test_how_long_it_takes_is_said_as_people_say_it():
    assert [extraction.duration(one) for one in (4, 89, 200, 7200)] == ["4 s", "89 s", "3 min", "2.0 h"]


def test_a_table_pads_by_display_width():
    assert output.table([("李静", "1"), ("ann\x1b", "20")], ("a", "n"), right=(1,)).splitlines() == [
        "a      n",
        "李静   1",
        "ann   20",
    ]
