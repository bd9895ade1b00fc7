"""Entry rules in the trust store: how they are published, who has signed them, what is stored.

``forms`` has a file for each way of publishing rules, ``importing`` takes them into a store, and
``stored`` gives a desk the rules of a country.
"""
