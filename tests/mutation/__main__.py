"""`python -m tests.mutation`: judge the mutants of the contracts, print what survives, fail when it is not what is listed."""

from __future__ import annotations

import argparse
import sys
import time

from mockcloud.errors import ContractError

from . import run, survivors, table, variants
from .run import Study


def main() -> int:
    """0 when exactly the listed mutants survive."""
    options = _options()
    if options.table:
        table.write()
        return 0
    with run.studies(options.provider) as chosen:
        if options.list or options.variants:
            listed = variants.write if options.variants else lambda study: list(study.mutants)
            print("\n".join(name for study in chosen.values() for name in listed(study)))
            return 0
        whole = options.sample is None
        names = {
            provider: list(study.mutants) if whole else study.sample(options.sample, options.seed)
            for provider, study in chosen.items()
        }
        every = sum(map(len, names.values()))
        for number, _ in enumerate(run.judge_all(chosen, names, options.processes), 1):
            if number % 500 == 0:
                print(f"{number} of {every}", file=sys.stderr)
        return max([_reported(provider, study, options.record, whole=whole) for provider, study in chosen.items()], default=0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--provider", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument("--sample", type=int, help="only so many mutants of each provider")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--processes", type=int, default=run.processors())
    parser.add_argument("--list", action="store_true", help="print the ids of the mutants and stop")
    parser.add_argument("--variants", action="store_true", help="add variants to the documents in fixtures/*/answers and stop")
    parser.add_argument("--table", action="store_true", help="write docs/coverage-of-contracts.md and stop")
    parser.add_argument(
        "--record",
        metavar="REASON",
        type=_reason,
        help="list new survivors under this reason, and forget those that do not survive",
    )
    return parser.parse_args()


def _reason(text: str) -> str:
    if len(text.split()) < 2 or len(text) <= survivors.SHORTEST:
        raise argparse.ArgumentTypeError("a reason is a sentence")
    return text


def _reported(provider: str, study: Study, reason: str | None, *, whole: bool) -> int:
    for case, seen in study.laboratory.first.items():
        if seen.problem:
            print(f"{case} fails without a mutant and notices nothing: {seen.problem[:200]}", file=sys.stderr)
    for wrong in map(study.laboratory.wrong, study.laboratory.documents if whole else ()):
        if wrong:
            print(f"fails without a mutant and notices nothing: {wrong[:200]}", file=sys.stderr)
    if whole and reason:
        survivors.record(provider, study.survivors, reason)
    verdicts = {name: bool(verdict.by) for name, verdict in study.verdicts.items()}
    problems = survivors.complaints(provider, study.mutants, verdicts)
    for problem in problems:
        print(f"{provider}: {problem}")
    shares = study.shares()
    for kind, (judged, noticed, refused) in shares.items():
        print(f"{provider}: {kind}: {noticed} of {judged} noticed by a fixture, {refused} by the loader")
    judged, noticed, refused = (sum(share[place] for share in shares.values()) for place in range(3))
    print(f"{provider}: {table.share(noticed + refused, judged)} of {judged} mutants are noticed")
    if whole and not problems:
        date = time.strftime("%Y-%m-%d", time.gmtime())
        found = {"date": date, "mutants": judged, "fixtures": noticed, "loader": refused}
        survivors.write(survivors.FIGURES, {**survivors.figures(), provider: found})
        table.write()
    return int(bool(problems))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ContractError, ValueError, OSError) as unreadable:
        sys.exit(f"the contracts cannot be studied as they lie there: {unreadable}")
