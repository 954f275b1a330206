"""What apps in one process share of their style sheets: parsed rules, and which rules apply to which node.

Textual starts from nothing in each app: that was a third of the time of the tests of the reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from textual.css.model import RuleSet, SelectorType
from textual.css.styles import RenderStyles, RulesMap, Styles
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

_Key = tuple[object, ...]
_Flags = tuple[bool, bool, bool, bool]
_Match = tuple[_Flags, RulesMap | None, dict[str, RulesMap]]
"""Flags of a node, the rules that apply to it, and those of its component classes."""

_OF_THE_APP = ("dark", "light", "inline", "ansi", "nocolor")
"""Pseudo classes that all nodes have in common."""

_PREFIXES = {SelectorType.TYPE: "", SelectorType.CLASS: ".", SelectorType.ID: "#"}

_apply, _replace_rules = Stylesheet.apply, Stylesheet.replace_rules
_process_component_classes = Stylesheet._process_component_classes


class _Matches:
    """Which of `rules` apply to nodes, by everything that selectors ask about a node and those around it."""

    def __init__(self, rules: list[RuleSet]) -> None:
        self.rules = rules
        self.known: dict[_Key, _Match] = {}
        self._kinds: dict[_Key, tuple[int, list[Callable[[Any], bool]]]] = {}
        self._pseudo_classes: defaultdict[str, set[str]] = defaultdict(set)
        for rule in rules:
            for selector in (each for group in rule.selector_set for each in group.selectors):
                prefix = _PREFIXES.get(selector.type)
                name = "*" if prefix is None else prefix + selector.name
                self._pseudo_classes[name] |= selector.pseudo_classes

    def key(self, node: DOMNode) -> _Key:
        """Return the type, id and classes of a node and its ancestors, and those pseudo classes that rules name."""
        app = node.app
        key: list[object] = [tuple(app._PSEUDO_CLASSES[name](app) for name in _OF_THE_APP)]
        current: object = node
        while isinstance(current, DOMNode):
            description = (type(current), current._id, frozenset(current._classes))
            if description not in self._kinds:
                self._kinds[description] = (len(self._kinds), self._checks(current))
            number, checks = self._kinds[description]
            key.append((number, *[bool(check(current)) for check in checks]) if checks else number)
            current = current._parent
        return tuple(key)

    def _checks(self, node: DOMNode) -> list[Callable[[Any], bool]]:
        names = node._selector_names | node._css_type_names
        pseudo_classes = set().union(*(self._pseudo_classes[name] for name in names))
        pseudo_classes -= {*_OF_THE_APP}
        return [check for name, check in node._PSEUDO_CLASSES.items() if name in pseudo_classes]


class _SharedMatches:
    """Replaces methods of `Stylesheet`."""

    def __init__(self) -> None:
        self._of_rules: dict[tuple[int, ...], _Matches] = {}
        self._last: _Matches | None = None
        self._key: _Key = ()
        self._applied: RulesMap | None = None

    def apply(self, sheet: Stylesheet, node: DOMNode, *, animate: bool) -> None:
        matches = self._matches(sheet.rules)
        key = matches.key(node)
        if key not in matches.known:
            self._key, self._applied = key, None
            _apply(sheet, node, animate=animate)  # calls both methods below
            return
        flags, rules, components = matches.known[key]
        node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even = flags
        if rules is not None:
            _replace(node, rules, animate)
        if not _has_component_rules(node, components):
            _set_component_rules(node, components)

    def replace_rules(self, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        self._applied = rules
        _replace_rules(node, rules, animate=animate)

    def process_component_classes(self, sheet: Stylesheet, node: DOMNode) -> None:
        known, key, applied = self._matches(sheet.rules).known, self._key, self._applied
        _process_component_classes(sheet, node)
        flags = (
            node._has_hover_style,
            node._has_focus_within,
            node._has_order_style,
            node._has_odd_or_even,
        )
        known[key] = (flags, applied, _component_rules(node))

    def _matches(self, rules: list[RuleSet]) -> _Matches:
        if self._last is None or self._last.rules is not rules:
            ids = tuple(map(id, rules))
            self._last = self._of_rules.get(ids) or _Matches(rules)
            self._last.rules = rules
            self._of_rules[ids] = self._last
        return self._last


def _replace(node: DOMNode, rules: RulesMap, animate: bool) -> None:
    """Do what `replace_rules` does, without setting each of the rules that stay."""
    base = node.styles.base
    if base._rules == rules:
        if not animate:
            node.notify_style_update()
    elif animate and "transitions" in rules:
        _replace_rules(node, rules, animate=True)
    else:
        for name in base._rules.keys() | rules.keys():
            value = rules.get(name)
            if name not in base._rules or base._rules[name] != value:
                setattr(base, name, value)
        node.notify_style_update()


def _component_rules(node: DOMNode) -> dict[str, RulesMap]:
    return {name: styles.base._rules.copy() for name, styles in node._component_styles.items()}


def _has_component_rules(node: DOMNode, components: dict[str, RulesMap]) -> bool:
    found = node._component_styles
    return found.keys() == components.keys() and all(
        found[name].base._rules == rules for name, rules in components.items()
    )


def _set_component_rules(node: DOMNode, components: dict[str, RulesMap]) -> None:
    """Do what `_process_component_classes` does, with rules that are known."""
    node._component_styles.clear()
    for name, rules in components.items():
        part = _part(node, name, rules)
        node._component_styles[name] = part.styles
    node.refresh()


@cache
def _attributes_of_parts() -> dict[str, Any]:
    return vars(DOMNode())


def _part(node: DOMNode, name: str, rules: RulesMap) -> DOMNode:
    """Return the node of a component class. Only its class, its styles and its parent are its own: it has no events."""
    part = object.__new__(DOMNode)
    vars(part).update(_attributes_of_parts())
    part._attach(node)
    part._classes = {name}
    part._css_styles, part._inline_styles = Styles(part, rules.copy()), Styles(part)
    part.styles = RenderStyles(part, part._css_styles, part._inline_styles)
    return part


@contextmanager
def share_style_sheets() -> Iterator[None]:
    """Parse each style sheet once for all apps, and find the rules for each kind of node once."""
    parse = Stylesheet._parse_rules
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    shared = _SharedMatches()

    def parse_once(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        key = (given, *named.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *given, **named)
        return parsed[key]

    def apply(sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: object = None) -> None:
        shared.apply(sheet, node, animate=animate)

    def process_component_classes(sheet: Stylesheet, node: DOMNode) -> None:
        shared.process_component_classes(sheet, node)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        patch.setattr(Stylesheet, "apply", apply)
        patch.setattr(Stylesheet, "replace_rules", staticmethod(shared.replace_rules))
        patch.setattr(Stylesheet, "_process_component_classes", process_component_classes)
        patch.setattr(RuleSet, "__hash__", object.__hash__)  # the same number, without a Python function
        yield
