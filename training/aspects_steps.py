"""The losses of the aspect model: what one batch of each kind of example teaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as fn

from huaxiang.text.aspects_units import Span, is_stop
from huaxiang.text.dialogue_decode import BARS, KINDS, LINKS, candidates, spans_of_tags, tags_of_spans
from huaxiang.text.dialogue_pairs import pair_features
from training.aspects_data import Graded, Judged, Talk
from training.aspects_figures import Found
from training.aspects_lower import Kept
from training.aspects_net import AspectNet

_ASPECT = (3, 4)  # the tags of aspects
_HALF_BELIEVED = dict.fromkeys(KINDS, 0.1)  # a lower bar teaches links to doubt everything
_CHINESE_OUTSIDE = 0.2  # the Chinese sets mark one term a sentence and leave others unmarked


def judged_loss(net: AspectNet, batch: Sequence[Judged], lower: Sequence[Tensor]) -> Tensor:
    """Polarity of each given term, and where the terms are; what the sets do not mark (opinions, products) is left open."""
    polarity, tagging, terms = [], [], 0
    for one, state in zip(batch, net.states(lower), strict=True):
        plain, z = net.units(state, one.passage)
        logits = torch.stack([net.polarity(plain, z, start, end) for start, end, _ in one.terms])
        answers = torch.tensor([answer for _, _, answer in one.terms])
        polarity.append(fn.cross_entropy(logits, answers, reduction="sum", label_smoothing=0.05))
        terms += len(one.terms)
        wanted = torch.from_numpy(tags_of_spans({"aspect": [(start, end) for start, end, _ in one.terms]}, len(plain)))
        chances = fn.log_softmax(net.tags(z), -1)
        inside = wanted > 0
        loss = -chances[inside, wanted[inside]].sum()
        outside = -torch.log1p(-chances[~inside][:, _ASPECT].exp().sum(-1).clamp(max=0.999)).sum()
        weight = 1.0 if one.source in ("laptop14", "restaurant14") else _CHINESE_OUTSIDE
        tagging.append((loss + weight * outside) / len(plain))
    return torch.stack(polarity).sum() / terms + torch.stack(tagging).mean()


def graded_loss(net: AspectNet, batch: Sequence[Graded], lower: Sequence[Tensor]) -> Tensor:
    """Whether short texts are good or bad, from the mean over their pieces."""
    means = torch.stack([state.mean(0) for state in net.states(lower)])
    answers = torch.tensor([float(one.good) for one in batch])
    return fn.binary_cross_entropy_with_logits(net.mood(means)[:, 0], answers)


def talk_loss(
    net: AspectNet, batch: Sequence[Talk], lower: Sequence[Tensor], *, found: str = "", weight: float = 3.0
) -> Tensor:
    """Tags of the three kinds (times `weight`) and links between spans.

    Args:
        net: what learns.
        batch: the dialogues.
        lower: their states.
        found: "" links only spans that are there; "best" also those that the model tags itself; "many" also those
            that it only half believes in.
        weight: of the tags.
    """
    losses = []
    for one, state in zip(batch, net.states(lower), strict=True):
        plain, z = net.units(state, one.passage)
        logits = net.tags(z)
        wanted = torch.from_numpy(tags_of_spans(one.spans, len(plain)))
        losses.append(fn.cross_entropy(logits, wanted) * weight)
        spans = {kind: list(one.spans[kind]) for kind in KINDS}
        for kind, mine in _own_spans(logits, one, found).items():
            spans[kind] += [span for span in mine if span not in spans[kind]]
        losses += link_losses(net, one, plain, z, spans)
    return torch.stack(losses).sum() / len(batch)


def _own_spans(logits: Tensor, one: Talk, found: str) -> dict[str, list[Span]]:
    if found == "many":
        return half_believed(fn.log_softmax(logits.detach(), -1).numpy(), one, _HALF_BELIEVED)[0]
    return spans_of_tags(logits.detach().numpy(), one.passage.utterance) if found else {}


def link_losses(net: AspectNet, one: Talk, plain: Tensor, z: Tensor, spans: dict[str, list[Span]]) -> list[Tensor]:
    """One loss for each pair of kinds that has spans."""
    roles = {kind: net.role(kind, plain, z, spans[kind]) for kind in KINDS if spans[kind]}
    losses = []
    for name, (left, right, _) in LINKS.items():
        if left not in roles or right not in roles:
            continue
        features = torch.from_numpy(pair_features(spans[left], spans[right], one.layout))
        logits = net.pair(name, roles[left], roles[right], features)
        wanted = torch.from_numpy(answers(one, name, spans))
        loss = fn.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="sum")
        losses.append(loss / (len(spans[left]) + len(spans[right])))
    return losses


def answers(one: Talk, name: str, spans: dict[str, list[Span]]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Classes (n_left, n_right) of the pairs of one of `LINKS`."""
    left, right, classes = LINKS[name]
    wanted = np.zeros((len(spans[left]), len(spans[right])), np.int64)
    for target, aspect, opinion, polarity in one.links:
        said = {"target": target, "aspect": aspect, "opinion": opinion}
        a, b = said[left], said[right]
        if a[0] < 0 or b[0] < 0 or a not in spans[left] or b not in spans[right]:
            continue
        wanted[spans[left].index(a), spans[right].index(b)] = 1 + max(polarity, 0) if classes > 2 else 1
    return wanted


@torch.no_grad()  # type: ignore[untyped-decorator]
def found_by_torch(net: AspectNet, kept: Kept, talks: Sequence[Talk]) -> list[Found]:
    """What the net in training says of dialogues; the net should be in its evaluation mode."""
    found = []
    for talk in talks:
        plain, z = net.units(net.states(kept.of([talk]))[0], talk.passage)
        tags = fn.log_softmax(net.tags(z), -1).numpy()
        spans, (halves, chances) = spans_of_tags(tags, talk.passage.utterance), half_believed(tags, talk)
        roles = {kind: net.role(kind, plain, z, halves[kind]) for kind in KINDS if halves[kind]}
        scores = {}
        for name, (left, right, classes) in LINKS.items():
            if left in roles and right in roles:
                features = torch.from_numpy(pair_features(halves[left], halves[right], talk.layout))
                scores[name] = fn.softmax(net.pair(name, roles[left], roles[right], features), -1).numpy()
            else:
                scores[name] = np.zeros((len(halves[left]), len(halves[right]), classes), np.float32)
        found.append(Found(talk, spans, halves, chances, scores))
    return found


def half_believed(
    log_odds: Any, talk: Talk, bars: Mapping[str, float] = BARS
) -> tuple[dict[str, list[Span]], dict[str, Any]]:
    """Spans of a dialogue that may be meant, and how likely each is."""
    passage = talk.passage
    return candidates(log_odds, passage.utterance, is_stop(passage.codes, passage.marks), bars)
