"""What is wrong or odd in the rules that a country is about to publish.

``form`` looks at what a rule says of itself, ``reading`` at what its logic reads, ``behaviour`` at
how it behaves on certificates of nobody, ``versions`` and ``conflicts`` at rules beside each other,
``trials`` runs the tests that come with them. ``codes`` has every finding with its words.
"""
