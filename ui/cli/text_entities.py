"""`huaxiang text entities|intent`: what each line names, and what it wants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from huaxiang.errors import ConfigError
from ui.cli import output
from ui.cli.common import ShopOption
from ui.cli.text import FileArgument, TierOption, stream, text_settings


def entities(
    file: FileArgument = None,
    names: Annotated[
        Path | None,
        typer.Option("--names", metavar="CSV", help="Your own names: a CSV with brand,alias or title,title_en,brand."),
    ] = None,
    tier: TierOption = None,
    shop: ShopOption = None,
) -> None:
    """Say of each line which entities it names: {entities: [{kind, text, start, end, value, source}]}.

    kind is brand, product, colour, size, material, price, person (the item is for), place or date. Offsets are in
    characters, the end excluded.

    \b
    Examples:
      echo 给妈妈买的黑色羽绒服，花了399元 | huaxiang text entities
      huaxiang text entities messages.txt --names products.csv --tier fast
    """
    from huaxiang.text.entities import EntityReader, read_names
    from huaxiang.text.entities_tiers import tagger

    gazetteer = read_names(names) if names is not None else None
    reader = EntityReader(gazetteer, tagger(tier or "auto", models=text_settings(shop).models))

    def handle(texts: Sequence[str]) -> list[dict[str, Any]]:
        """The names in each text, with their places."""
        return [
            {
                "entities": [
                    {
                        "kind": e.kind,
                        "text": e.text,
                        "start": e.start,
                        "end": e.end,
                        "value": e.value,
                        "source": e.source,
                    }
                    for e in found
                ]
            }
            for found in reader.read(texts)
        ]

    stream(file, handle, batch=512, title="entities")


def intent(
    file: FileArgument = None,
    of: Annotated[
        str, typer.Option("--of", metavar="customer|staff", help="Messages of customers, or questions of staff.")
    ] = "customer",
    tier: TierOption = None,
    shop: ShopOption = None,
) -> None:
    """Say of each line what it wants: {intent, probability, others, language}.

    auto is fast here; the accurate tier (customers' messages only) takes some ten times as long.

    \b
    Examples:
      echo 我的快递到哪了 | huaxiang text intent
      huaxiang text intent messages.txt --tier accurate
      echo 'What does C101 complain about?' | huaxiang text intent --of staff
    """
    from huaxiang.text.intent import load

    if of not in ("customer", "staff"):
        raise ConfigError(f"--of {of!r} is neither customer nor staff", hint="leave it out for customers", code="usage")
    if tier not in (None, "auto", "fast", "accurate"):
        raise ConfigError(f"--tier {tier!r} is neither fast, accurate nor auto", hint="auto is fast", code="usage")
    models, encoder = text_settings(shop).models, None
    if of == "staff" and tier == "accurate":
        output.note(
            output.both(
                "员工的问题只有快速一档（编码器没有带来提高），这里用它",
                "staff questions have the fast tier only (the encoder gained nothing there), which is used",
            )
        )
    if of == "staff" or tier != "accurate":
        model = load("staff" if of == "staff" else "customer", models=models)
    else:
        from huaxiang.models.encoder import load_encoder

        model, encoder = load(models=models, tier="accurate"), load_encoder()

    def handle(texts: Sequence[str]) -> list[dict[str, Any]]:
        """What the writer of each text wants."""
        return [
            {
                "intent": one.label,
                "probability": round(one.probability, 4),
                "others": [{"intent": name, "probability": round(chance, 4)} for name, chance in one.others],
                "language": one.language,
            }
            for one in model.predict(texts, encoder)
        ]

    stream(file, handle, batch=1024, title="intent")


VERBS: dict[str, Any] = {"entities": entities, "intent": intent}
