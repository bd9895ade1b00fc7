"""Every limit on size, depth and count, each with the sum that justifies it.

A document is refused while it is being read, never after. The limits are generous to honest
documents: the largest of 993 public EU DCC texts has 1,093 characters, inflates to 870 bytes,
nests six levels deep and holds fewer than 60 items.
"""

from typing import Final

# A QR code of version 40 holds 4,296 alphanumeric characters; the rest is room for a scanner's
# prefix, suffix and line ends.
SCAN_CHARACTERS: Final = 4_400

# The longest text of any family: a SMART Health Card file with several cards, or one card's report
# of laboratory results (2.3 KiB compressed, 3.1 KiB as text); 64 KiB holds twenty of those. Each
# format has its own, smaller limit.
DOCUMENT_CHARACTERS: Final = 64 * 1024

# zlib at its best packs 1,032 to 1, so a full QR code (about 2,864 bytes after base45) could
# swell to 2.9 MB. 64 KiB is 75 times the largest honest document.
INFLATED_BYTES: Final = 64 * 1024

# Honest documents nest 6 deep. 16 leaves room for newer payloads and keeps every stack shallow.
CBOR_DEPTH: Final = 16

# Honest documents hold fewer than 60 items; a thousand items decode in well under a millisecond.
CBOR_ITEMS: Final = 1_000

# A SMART Health Card: the largest example known, a report of laboratory results, has 30 KB in
# 2.3 KB. 256 KiB is eight times that; what could be 1,032 times as large is refused on the way.
HEALTH_CARD_BYTES: Final = 256 * 1024

# The header of a SMART Health Card names an algorithm, a compression and a key: 81 characters. Some
# issuers add a type.
JWS_HEADER_BYTES: Final = 1_024

# A card in several codes: the largest example has 3, an artificial one 17 (health card notes, 4).
CARD_PARTS: Final = 20

# JSON texts stand inside codes or inflated documents that have limits of their own; this is the
# largest of those: a SMART Health Card of laboratory results has 10 KB, and what cannot pass an
# officer's patience (some 40 codes of 1,195 characters) inflates to less than 256 KiB.
JSON_BYTES: Final = 256 * 1024

# A FHIR bundle nests 11 deep, a linked-data credential 8. Four times that still is no depth for a
# reader that calls itself, and most texts do not open 64 arrays and objects at all.
JSON_DEPTH: Final = 64

# A health card's report of 30 KB has a few hundred arrays and objects; 8,000 of them take 3 ms.
JSON_CONTAINERS: Final = 8_000

# A seal with one dose and a signer below an RSA authority has 1,658 characters, and a QR code
# of version 40 holds 2,953 bytes. 8 KiB leaves room for larger codes of other kinds.
SEAL_CHARACTERS: Final = 8 * 1024

# A seal nests 7 deep, has at most ten members an object and a few doses an array; its longest text
# but the certificate is an address. What is beyond these belongs to something else.
SEAL_DEPTH: Final = 8
SEAL_MEMBERS: Final = 64
SEAL_ELEMENTS: Final = 32
SEAL_CHARACTERS_A_TEXT: Final = 512

# The certificate in a seal has some 900 bytes, 1,200 characters; 4,096 are 3 KiB.
SEAL_CERTIFICATE_CHARACTERS: Final = 4_096

# Signers of seals whose chain is remembered: a state has a handful, and every state of the world
# that issues seals fits. One takes about 3 KB with its authorities.
REMEMBERED_SIGNERS: Final = 256
# A linked-data credential (DIVOC) is zipped into a code that holds at most 2,953 bytes: the largest
# seen has 1,136 bytes and inflates to 2,293, nests 5 deep, and has no text of more than 80
# characters. A seal as a picture would not fit into a code.
CREDENTIAL_PACKED_BYTES: Final = 4 * 1024
CREDENTIAL_BYTES: Final = 16 * 1024
CREDENTIAL_DEPTH: Final = 6
CREDENTIAL_TEXT_CHARACTERS: Final = 512

# Key ids seen in lists and documents have 1 to 10 bytes; 64 leaves room for thumbprints.
KID_BYTES: Final = 64

# A key id of 8 bytes of SHA-256 collides by accident about never; the Dutch acceptance list has
# two keys for 32 of its ids. 16 candidates cost at most 16 verifications, about 1 ms.
KEYS_PER_KID: Final = 16

# Texts in a payload: the schema says 80 characters, the longest seen has some 200.
TEXT_CHARACTERS: Final = 1_000

# The clock of an issuer and the clock of a desk may differ by this much (seconds).
CLOCK_SKEW: Final = 300

# 31 December 9999, the last second that calendars and libraries agree on.
LAST_SECOND: Final = 253_402_300_799

# RSA keys: below 2,048 bits is too weak, above 4,096 is slower than any list asks for.
RSA_BITS: Final = range(2_048, 4_097)

# Authorities for passports have RSA keys of up to 6,144 bits; they check certificates, not
# documents, and the check of one takes a millisecond.
AUTHORITY_RSA_BITS: Final = range(2_048, 8_193)

# A picture of a certificate is a few megabytes; 25 million pixels is a large camera's photograph
# and takes 100 MB while it is decoded.
PICTURE_BYTES: Final = 32 * 1024 * 1024
PICTURE_PIXELS: Final = 25_000_000

# A machine-readable zone has 90 characters at most (three lines of 30); blanks, line ends and what
# a scanner puts round it may double that.
ZONE_CHARACTERS: Final = 256

# A text file holds scans, a line each: 100,000 of them at the largest size.
TEXT_FILE_BYTES: Final = 512 * 1024 * 1024

# A trust list: the largest published one has 4 MB and 829 keys.
LIST_BYTES: Final = 64 * 1024 * 1024
LIST_RECORDS: Final = 20_000

# A bundle for a desk without a network: a whole store, which takes about 2.5 KB a key. All lists
# that are published together have 3,000 keys; a list of `LIST_RECORDS` keys takes 50 MB.
BUNDLE_BYTES: Final = 128 * 1024 * 1024

# Packed lists shrink to a third or a tenth, the padding of a small tar by more. 100 to 1, once a
# megabyte is reached, is no list but a bomb.
ARCHIVE_RATIO: Final = 100
ARCHIVE_FLOOR_BYTES: Final = 1024 * 1024

# A list older than this (seconds) is named stale; issuers publish daily, desks may be offline
# for a weekend and the days round it.
FRESH_SECONDS: Final = 7 * 86_400

# A list older than this is not relied on: a key withdrawn two months ago must not pass.
STALE_SECONDS: Final = 60 * 86_400

# Withdrawn certificates in one set: a table's filter tells 2 to the 32 prefixes apart, with 8 bits
# for each hash. A table of that many takes 12 GB.
REVOKED_ENTRIES: Final = 2**29

# A batch of the DCC gateway has at most 1,000 hashes of 16 bytes (dcc-revocation notes, 2), about
# 40 bytes each as JSON, a third more in base64, and a signature. A million such files in one folder
# are a thousand million withdrawals.
BATCH_BYTES: Final = 1024 * 1024
BATCH_ENTRIES: Final = 1_000
SET_FILES: Final = 1_000_000

# A slice holds a sixteenth of at most 100,000 hashes; at one in 10**12 a Bloom filter takes 7.2
# bytes for each. 64 MiB is what any list may have.
SLICES: Final = 200_000

# A rule: the largest of 379 published ones has 20 KB with its descriptions, 239 items and nests 46
# deep. The engine takes 64 levels and 10,000 nodes of logic, and one of its levels is two of JSON.
# A set of values is larger: a thousand devices for tests have 180 KB.
RULE_BYTES: Final = 1024 * 1024
RULE_DEPTH: Final = 140
RULE_ITEMS: Final = 20_000

# What names a rule, a value set, a version or an instant has 5 to 43 characters.
RULE_NAME_CHARACTERS: Final = 100

# Entry rules come from outside and are no programs to trust. Of 372 published ones the deepest
# nests 24 deep, the largest has 198 nodes, and the longest text is a path of 61 characters.
LOGIC_DEPTH: Final = 64
LOGIC_NODES: Final = 10_000
LOGIC_TEXT_CHARACTERS: Final = 1_000

# The largest whole number that every reader of JSON agrees on (RFC 8259, 6).
LOGIC_INTEGER: Final = 2**53 - 1

# What `plusTime` may add: more hours than ten thousand years have.
LOGIC_AMOUNT: Final = 100_000_000

# What one `reduce` may go over, and the nodes that all of a rule may evaluate while they do: a
# reduce inside a reduce multiplies. Published rules go over 3 items with 6 nodes; the bound takes
# a tenth of a second at most.
LOGIC_REDUCED: Final = 1_000
LOGIC_REDUCE_STEPS: Final = 50_000
