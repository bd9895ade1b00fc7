"""Entry rules: whether an authentic certificate is enough, here and on this day.

A rule set is data (``ruleset``). ``selection`` picks the rules that speak of a certificate,
``payload`` brings the certificate of any format into the one shape that rules see, ``certlogic``
evaluates a rule on it, and ``judging`` adds the results up. What is not known stays unknown.
"""
