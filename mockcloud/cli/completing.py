"""What may stand where a user presses TAB: values of arguments and options, for click to ask for.

Knows how names are put together. Law: long names come step by step, as the paths of files do; a step that is not the whole
of a name is a `part`, behind which no blank belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from click import Context, Parameter
from click.shell_completion import CompletionItem

Items = list["CompletionItem[str]"]
Completer = Callable[[Context, Parameter, str], Items]


def _items(found: Mapping[str, str] | Iterable[str], typed: str, kind: str = "plain") -> Items:
    told = found if isinstance(found, Mapping) else dict.fromkeys(found, "")
    return [CompletionItem(name, kind, says) for name, says in told.items() if name.startswith(typed)]


def steps(found: Mapping[str, str], typed: str) -> Items:
    """The names that begin as typed, each as far as its next `/`; further, where there is no choice."""
    alike: dict[str, list[str]] = {}
    for name in found:
        if name.startswith(typed):
            end = name.find("/", len(typed)) + 1
            alike.setdefault(name[:end] if end else name, []).append(name)
    for head, members in alike.items():
        if len(alike) == 1 and len(members) > 1:
            return steps({name: found[name] for name in members}, head)
    return [
        CompletionItem(members[0], "plain", found[members[0]]) if len(members) == 1 else CompletionItem(head, "part")
        for head, members in alike.items()
    ]


def provider(context: Context, parameter: Parameter, typed: str) -> Items:
    """`PROVIDER`."""
    from mockcloud.cli import names

    return _items(names.providers(), typed)


def operation(context: Context, parameter: Parameter, typed: str) -> Items:
    """`PROVIDER.Operation`."""
    from mockcloud.cli import names

    known = names.providers()
    at = typed.partition(".")[0]
    if "." not in typed:
        return _items({f"{name}.": says for name, says in known.items()}, typed, "part")
    return _items(names.operations(at), typed) if at in known else []


def ruled(context: Context, parameter: Parameter, typed: str) -> Items:
    """`PROVIDER`, or whatever of it has rules: an operation, a callback, the refusal."""
    from mockcloud.cli import names

    known = names.providers()
    at = typed.partition(".")[0]
    if "." not in typed:
        return _items(known, typed) + _items({f"{name}.": says for name, says in known.items()}, typed, "part")
    return _items(names.owners(at), typed) if at in known else []


def explained(context: Context, parameter: Parameter, typed: str) -> Items:
    """A rule, an operation, or `PROVIDER:NAME` of a code, condition or contradiction."""
    from mockcloud.cli import names

    known = names.providers()
    at = next((name for name in known if typed.startswith((f"{name}.", f"{name}:"))), None)
    if at is None:
        return _items({f"{name}{mark}": says for name, says in known.items() for mark in ".:"}, typed, "part")
    if typed[len(at)] == ":":
        return _items(names.entries(at), typed)
    if "/" in typed:
        owner = typed.partition("/")[0]
        return steps(names.rules(owner), typed) if owner in names.owners(at) else []
    whole = {f"{name}/": "its rules" for name in names.owners(at)}
    return _items(names.operations(at), typed) + _items(whole, typed, "part")


def before(mark: str) -> Completer:
    """The provider that an option's value begins with; what stands behind the mark is the user's own."""

    def complete(context: Context, parameter: Parameter, typed: str) -> Items:
        from mockcloud.cli import names

        return _items({f"{name}{mark}": says for name, says in names.providers().items()}, typed, "part")

    return complete


def setting(context: Context, parameter: Parameter, typed: str) -> Items:
    """`PROVIDER.SETTING=VALUE`."""
    from mockcloud.cli import names

    place, told, _ = typed.partition("=")
    at, _, name = place.partition(".")
    if at not in names.providers():
        return before(".")(context, parameter, typed)
    if told:
        return _items([f"{place}={value}" for value in names.values(at, name)], typed)
    return _items({f"{at}.{name}=": says for name, says in names.settings(at).items()}, typed, "part")


def words(*known: str) -> Completer:
    """A word of a list."""

    def complete(context: Context, parameter: Parameter, typed: str) -> Items:
        return _items(known, typed)

    return complete


def folder(context: Context, parameter: Parameter, typed: str) -> Items:
    """The path of a folder: the shell knows them."""
    return [CompletionItem(typed, "dir")]


def file(context: Context, parameter: Parameter, typed: str) -> Items:
    """The path of a file or folder."""
    return [CompletionItem(typed, "file")]


def file_behind(known: Iterable[str]) -> Completer:
    """A word of a list, `=` and the path of a file."""

    def complete(context: Context, parameter: Parameter, typed: str) -> Items:
        word, told, _ = typed.partition("=")
        if told:
            return [CompletionItem(typed, "file", before=f"{word}=")] if word in known else []
        return _items([f"{one}=" for one in known], typed, "part")

    return complete
