"""Runs the tests that come with rules, and finds what of the logic none of them reaches.

A test is passed when the rule gives the very value that is expected: what is nearly true is not
true.
"""

from collections.abc import Iterator, Mapping, Sequence

from verifier.rules.certlogic import Logic, NotEvaluable, compile_logic
from verifier.rules.linting.codes import Code, Finding
from verifier.rules.linting.written import Trial, WrittenRule

_Data = Mapping[str, object]


def passes(logic: Logic, trial: Trial) -> bool:
    """Tell whether a rule gives what a test expects."""
    try:
        value = logic.value(trial.data)
    except NotEvaluable:
        return False
    return type(value) is type(trial.expected) and value == trial.expected


def trial_findings(written: WrittenRule) -> Iterator[Finding]:
    """Find the tests that a rule with sound logic does not pass, and what none of them reaches."""
    logic = written.rule.logic
    for trial in written.trials:
        if not passes(logic, trial):
            yield written.finding(Code.TEST_FAILED, detail=trial.file)
    if not written.trials:
        yield written.finding(Code.UNTESTED)
        return
    for where in unreached(written.rule.expression.raw, [trial.data for trial in written.trials]):
        yield written.finding(Code.BRANCH_UNTESTED, where)


def unreached(logic: object, data: Sequence[_Data], where: str = "") -> Iterator[str]:
    """Give a JSON pointer to each operand that is evaluated for none of the data.

    Branches of ``if`` and later operands of ``and`` may be left out; inside a ``reduce`` nothing is
    looked for.
    """
    if not isinstance(logic, Mapping):
        return
    [(operator, operands)] = logic.items()
    if operator in {"var", "reduce"}:
        return
    reaching = data
    for place, operand in enumerate(operands):
        here = f"{where}/{operator}/{place}"
        if operator == "if" and place:
            reaching = _deciding(operands[0], data, truth=place == 1)
        elif operator == "and" and place:
            reaching = _deciding(operands[place - 1], reaching, truth=True)
        if not reaching:
            yield here
        else:
            yield from unreached(operand, reaching, here)


def _deciding(guard: object, data: Sequence[_Data], *, truth: bool) -> list[_Data]:
    """Give those of the data for which an expression is truthy, or falsy."""
    negated = compile_logic({"!": [guard]})
    found = []
    for each in data:
        try:
            falsy = negated.value(each)
        except NotEvaluable:
            continue
        if falsy is not truth:
            found.append(each)
    return found
