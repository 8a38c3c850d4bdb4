/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys and certificates for test_proof.c.  ssh-keygen made them, but for
 * the two FIDO keys, which have the numbers of the first two keys; their
 * private halves are gone.  ssh-keygen -l printed the fingerprints, and a
 * program that knows nothing of ours computed the thumbprints.
 */
#ifndef JWT_TEST_PROOF_H
#define JWT_TEST_PROOF_H

#define CA_ED25519 "SHA256:03i1LXY0QQuqU6V032OEwvkMOOhXI4L6dGlfyjN7kGk"
#define CA_RSA "SHA256:+7R7mQ3IjKmBLYyqak1HvLX99RNi6zxkK/PWc0KMrqQ"

struct sample {
	const char *type;	/* in the text */
	const char *blob;	/* in base64 */
	const char *inside;	/* the type of the key inside */
	const char *jkt;
	const char *fingerprint;
	const char *ca;
};

static const struct sample samples[] = {
	{ "ssh-ed25519",
	    "AAAAC3NzaC1lZDI1NTE5AAAAIFvbHwIpbsvmrurpN4qLsNL3C+KnzHyZpi8QVsjB"
	    "Q63I",
	    "ssh-ed25519",
	    "n6o5Wnn34aCfkLMXwP0AkV2h_BIH-TYdJ7XAo89AL8o",
	    "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKM",
	    "" },
	{ "ssh-ed25519-cert-v01@openssh.com",
	    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIMVmrlj8owyi"
	    "32hDyB8gRhiDVbiT1eVEREvm8PsYpKfkAAAAIFvbHwIpbsvmrurpN4qLsNL3C+Kn"
	    "zHyZpi8QVsjBQ63IAAAAAAAAAAAAAAABAAAADWFsaWNlQGV4YW1wbGUAAAAJAAAA"
	    "BWFsaWNlAAAAAGsMDAQAAAAAbOvuSwAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9y"
	    "d2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBl"
	    "cm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBl"
	    "cm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAgoGo7V"
	    "+CD7hOZz0iTdpVTsYrrZ2RMRbR5JHcOqx7GHAAAAUwAAAAtzc2gtZWQyNTUxOQAA"
	    "AEB44BnawJpn0QGOIHNburlE8khulry5KCPRdKVGMBI0H4T0UP18seJVu7V4uJRu"
	    "XjK/zqpxl0kYLtwa0tr1voQL",
	    "ssh-ed25519",
	    "n6o5Wnn34aCfkLMXwP0AkV2h_BIH-TYdJ7XAo89AL8o",
	    "SHA256:wcAFR8LPsKPb+/hMaX5legtUyD/M5Lq/xg9nV6z7hKM",
	    CA_ED25519 },
	{ "ecdsa-sha2-nistp256",
	    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBBUpkilwgTLF"
	    "vA3yUcNMJZeEZTqj6GYLOloV72R3aGW0TAP9iY5Jzj3CLY7wmRMpc7EjLFaICxZJ"
	    "WigC2J5pW5E=",
	    "ecdsa-sha2-nistp256",
	    "X1OTIdYK1dIaxZaJd4Jd7L2pxQErm56M8rUOsUjJkf0",
	    "SHA256:xvxUS/133qOpw32PYC+XlqDCXbGDU1c1u9H2TlWaRIY",
	    "" },
	{ "ecdsa-sha2-nistp256-cert-v01@openssh.com",
	    "AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg"
	    "cy1EQZlSwfuHAFs4p4qmjX6RfwVjiMu81FMRJI3tKYIAAAAIbmlzdHAyNTYAAABB"
	    "BBUpkilwgTLFvA3yUcNMJZeEZTqj6GYLOloV72R3aGW0TAP9iY5Jzj3CLY7wmRMp"
	    "c7EjLFaICxZJWigC2J5pW5EAAAAAAAAAAAAAAAEAAAANYWxpY2VAZXhhbXBsZQAA"
	    "AAkAAAAFYWxpY2UAAAAAawwMBAAAAABs6+5LAAAAAAAAAIIAAAAVcGVybWl0LVgx"
	    "MS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAA"
	    "AAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAA"
	    "AAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAg"
	    "CCgajtX4IPuE5nPSJN2lVOxiutnZExFtHkkdw6rHsYcAAABTAAAAC3NzaC1lZDI1"
	    "NTE5AAAAQC6QRSANldUMoMY2YezyjM/dhnbTfNTBqtqpweLRshiJn6QsvGlqkQA+"
	    "wrX54jkIaynshVgk2ElKU12PjI8iDAQ=",
	    "ecdsa-sha2-nistp256",
	    "X1OTIdYK1dIaxZaJd4Jd7L2pxQErm56M8rUOsUjJkf0",
	    "SHA256:xvxUS/133qOpw32PYC+XlqDCXbGDU1c1u9H2TlWaRIY",
	    CA_ED25519 },
	{ "ecdsa-sha2-nistp384",
	    "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBG7UCZRjwzwz"
	    "mh7xxLnWnAjF8C2rAaps9PFs47df7kJI3vVr40Zppm14pA0Eq7x5t0PUD+jMg+fs"
	    "zQOjvXfw8FAz0+divPvSnujniVdsGGsZUKBHr5YAD4yz7dotVkvzdQ==",
	    "ecdsa-sha2-nistp384",
	    "FbIFmzpYKwNpeahgDJjl0cBc3IBjru4iUVz22iX6fIU",
	    "SHA256:q5SRkv8hl0qEHdUBJn4g0t0hbcvuX4MSSDza0Zy8kV8",
	    "" },
	{ "ecdsa-sha2-nistp384-cert-v01@openssh.com",
	    "AAAAKGVjZHNhLXNoYTItbmlzdHAzODQtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg"
	    "T+Hf4m1kfiz8DXi6NfvXHaSPt3FIGI0aF6c5d0C9xJAAAAAIbmlzdHAzODQAAABh"
	    "BG7UCZRjwzwzmh7xxLnWnAjF8C2rAaps9PFs47df7kJI3vVr40Zppm14pA0Eq7x5"
	    "t0PUD+jMg+fszQOjvXfw8FAz0+divPvSnujniVdsGGsZUKBHr5YAD4yz7dotVkvz"
	    "dQAAAAAAAAAAAAAAAQAAAA1hbGljZUBleGFtcGxlAAAACQAAAAVhbGljZQAAAABr"
	    "DAwEAAAAAGzr7ksAAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAA"
	    "AAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1m"
	    "b3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1y"
	    "YwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACAIKBqO1fgg+4Tmc9Ik3aVU"
	    "7GK62dkTEW0eSR3DqsexhwAAAFMAAAALc3NoLWVkMjU1MTkAAABA+zv4NoNaHs/Q"
	    "BoHhK4By//7afl/Sc8mLCx2BrFI8e6QW8tnhyXviI+f1KcfjhIKTOlUWHtVL3DpP"
	    "VeYQHSN9Cw==",
	    "ecdsa-sha2-nistp384",
	    "FbIFmzpYKwNpeahgDJjl0cBc3IBjru4iUVz22iX6fIU",
	    "SHA256:q5SRkv8hl0qEHdUBJn4g0t0hbcvuX4MSSDza0Zy8kV8",
	    CA_ED25519 },
	{ "ecdsa-sha2-nistp521",
	    "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACciZluiIMO"
	    "VW+RnRvQe+y7uS2xfkA6ae1OJshVWsDWaSPpnPrbgZh7ErWNRgRnXcDM2D4CHBLM"
	    "xUBRtJ54TkDtYgHrrtnj0ixLWWH6YFh0yFoKAAlZQMVclrhHHprEFUOu+XQK4f3b"
	    "i+mWk0kGyBLm6Nqv8gR7Rn/JKJifTFdm/zsxTg==",
	    "ecdsa-sha2-nistp521",
	    "a_5KIIg7jnhKXgcrTzbA2CF8zUNsKzT-VVgl_9ACz3w",
	    "SHA256:g8lQiUJISMXHCtvfhRJ2Mvg9+JwgPMBnY7Vnf83q0Os",
	    "" },
	{ "ecdsa-sha2-nistp521-cert-v01@openssh.com",
	    "AAAAKGVjZHNhLXNoYTItbmlzdHA1MjEtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg"
	    "w0bG7iucWBJFRE9MLHpJWrJIL5ACe+DmMblO0Q10psUAAAAIbmlzdHA1MjEAAACF"
	    "BACciZluiIMOVW+RnRvQe+y7uS2xfkA6ae1OJshVWsDWaSPpnPrbgZh7ErWNRgRn"
	    "XcDM2D4CHBLMxUBRtJ54TkDtYgHrrtnj0ixLWWH6YFh0yFoKAAlZQMVclrhHHprE"
	    "FUOu+XQK4f3bi+mWk0kGyBLm6Nqv8gR7Rn/JKJifTFdm/zsxTgAAAAAAAAAAAAAA"
	    "AQAAAA1hbGljZUBleGFtcGxlAAAACQAAAAVhbGljZQAAAABrDAwEAAAAAGzr7ksA"
	    "AAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1h"
	    "Z2VudC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAA"
	    "AAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAA"
	    "MwAAAAtzc2gtZWQyNTUxOQAAACAIKBqO1fgg+4Tmc9Ik3aVU7GK62dkTEW0eSR3D"
	    "qsexhwAAAFMAAAALc3NoLWVkMjU1MTkAAABAxOoEyEFV9Ucj8O+ELRoIY7yb2RKw"
	    "A6Tgr4oz6XCU55ffnYI+bTAMDKk4NqI9I2bX0LuKswXlKsNB7cnhh5f7Bw==",
	    "ecdsa-sha2-nistp521",
	    "a_5KIIg7jnhKXgcrTzbA2CF8zUNsKzT-VVgl_9ACz3w",
	    "SHA256:g8lQiUJISMXHCtvfhRJ2Mvg9+JwgPMBnY7Vnf83q0Os",
	    CA_ED25519 },
	{ "ssh-rsa",
	    "AAAAB3NzaC1yc2EAAAADAQABAAABAQC1UrpSEyZQTwsLZKtrsELALyliHSFx8a19"
	    "/o+AZoRWQoRjHSqiTnTVuCrLsMDsUxsDsdlH3w+IOj/W/FrcTCMAcIghWvWnlGkg"
	    "PdMSz1LKWHH5uhftWu9TNivPHWQvll3kEvOgcZ8NVpRwdC89RhbguzjjuEIKdI0a"
	    "B0E2hd0G6PfoaHmZdU0y1t92127i7r1Q+VrScYs7oDxCjCUZDjkgq92SKQ3lKWc7"
	    "QycSxx6Gerr1FoIH8ceoF536ugz/YdzaISy6brBB/qS4G3UoGMW7iN5rQa9gFZLb"
	    "DlDONiKbkRVJ51rml4e1AoGBFMP1OkqOqiaGIQbqRozWEJk4jbJ9",
	    "ssh-rsa",
	    "QocQmVUhueaZiRZZnbYfdmjegc8Indh1lJXRejownmk",
	    "SHA256:kRo6cfjKs9cSzDCyGRXo/LgGkmpI2hL85bv94Wx6ILU",
	    "" },
	{ "ssh-rsa-cert-v01@openssh.com",
	    "AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20AAAAgsM/TVvSTV+8lJXhl"
	    "HHjQFDn2KRny3zmnA/zJMWbGyJMAAAADAQABAAABAQC1UrpSEyZQTwsLZKtrsELA"
	    "LyliHSFx8a19/o+AZoRWQoRjHSqiTnTVuCrLsMDsUxsDsdlH3w+IOj/W/FrcTCMA"
	    "cIghWvWnlGkgPdMSz1LKWHH5uhftWu9TNivPHWQvll3kEvOgcZ8NVpRwdC89Rhbg"
	    "uzjjuEIKdI0aB0E2hd0G6PfoaHmZdU0y1t92127i7r1Q+VrScYs7oDxCjCUZDjkg"
	    "q92SKQ3lKWc7QycSxx6Gerr1FoIH8ceoF536ugz/YdzaISy6brBB/qS4G3UoGMW7"
	    "iN5rQa9gFZLbDlDONiKbkRVJ51rml4e1AoGBFMP1OkqOqiaGIQbqRozWEJk4jbJ9"
	    "AAAAAAAAAAAAAAABAAAADWFsaWNlQGV4YW1wbGUAAAAJAAAABWFsaWNlAAAAAGsM"
	    "DAQAAAAAbOvuSwAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAA"
	    "AAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZv"
	    "cndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJj"
	    "AAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIAgoGo7V+CD7hOZz0iTdpVTs"
	    "YrrZ2RMRbR5JHcOqx7GHAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEA1ge0olPZJErqG"
	    "I21wIwGM4+eSzgcz8chfUabtLkNRC6JdDZXkcGm80vMjO0lDoq28KNye7icGuS6T"
	    "l/jc6q0G",
	    "ssh-rsa",
	    "QocQmVUhueaZiRZZnbYfdmjegc8Indh1lJXRejownmk",
	    "SHA256:kRo6cfjKs9cSzDCyGRXo/LgGkmpI2hL85bv94Wx6ILU",
	    CA_ED25519 },
	{ "sk-ssh-ed25519@openssh.com",
	    "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIFvbHwIpbsvmrurpN4qL"
	    "sNL3C+KnzHyZpi8QVsjBQ63IAAAABHNzaDo=",
	    "sk-ssh-ed25519@openssh.com",
	    "n6o5Wnn34aCfkLMXwP0AkV2h_BIH-TYdJ7XAo89AL8o",
	    "SHA256:K0PaC2nGnXd4Hhu5vt7J53Bwi9a5FwPICsHpX9ArJpg",
	    "" },
	{ "sk-ssh-ed25519-cert-v01@openssh.com",
	    "AAAAI3NrLXNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAILuCZGND"
	    "T5om6unAj18poJL//Uv53H8aesgSTxeUMr5OAAAAIFvbHwIpbsvmrurpN4qLsNL3"
	    "C+KnzHyZpi8QVsjBQ63IAAAABHNzaDoAAAAAAAAAAAAAAAEAAAADYm9iAAAABwAA"
	    "AANib2IAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3"
	    "YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVy"
	    "bWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVy"
	    "bWl0LXVzZXItcmMAAAAAAAAAAAAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBAJ0i"
	    "yHpmmzQkW+lzlJv9+IZ16A/hmWzfAwENKdAsrMqt40sgp8GzspSqN90oQ+iTsmeo"
	    "zlrBVAbv4zgQZS4DOzW6P4ZotGOkqngOf17kEG8QlZItT8FVZUzqHepix0V9tz2J"
	    "j55S+VOoaRUKtcRG27v0kY/edk5ftpzRDh3aHKwvIx4+hSocg2VBvFvY5NU/+MYc"
	    "ob+yDOkUVlG5irFW628X/40Sk6UIAuvEBgL3c95zUFSw427Io/GanENlgS5tDDbq"
	    "sLASf32+lTAue8vUXuh0CWpBCdofoNqo3RWiC6RBMTdlqc7tg1Nru86RW9HlcK4c"
	    "JfjX2kZFj9FyNljcvrkAAAEUAAAADHJzYS1zaGEyLTUxMgAAAQA9zq4Cc/l/WPeJ"
	    "BO/GccBIYJylEhvX5nTwISa+wVJGfBGfiuwEqyJ2jzOdoHG1lc0K/fz3DdpIAtNc"
	    "Uco7cZuf3wCRAOLS8DItEbM2zhRhr3VVIdVEN7bJ5kfackpn/KeCqBSC7GHsm6rb"
	    "XXUJWQRfil7SBwAJZw3lC9CpCionf5wz3/e63lNFcqjQXYVDZdu2jldzSNo6xPop"
	    "B2RpXJCs8PCxyufk5vgo3GEhqg/sTqv8KPrkdcjv5RCuZbPLlT6/SYG6ZzQPDvc2"
	    "8HpmLUr+y4F67zNm479+2ET2QDU+RoUMRmiG334DfrPEHja1YxL0SoL6hjYGHBvy"
	    "B3hCdnhn",
	    "sk-ssh-ed25519@openssh.com",
	    "n6o5Wnn34aCfkLMXwP0AkV2h_BIH-TYdJ7XAo89AL8o",
	    "SHA256:K0PaC2nGnXd4Hhu5vt7J53Bwi9a5FwPICsHpX9ArJpg",
	    CA_RSA },
	{ "sk-ecdsa-sha2-nistp256@openssh.com",
	    "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAy"
	    "NTYAAABBBBUpkilwgTLFvA3yUcNMJZeEZTqj6GYLOloV72R3aGW0TAP9iY5Jzj3C"
	    "LY7wmRMpc7EjLFaICxZJWigC2J5pW5EAAAAEc3NoOg==",
	    "sk-ecdsa-sha2-nistp256@openssh.com",
	    "X1OTIdYK1dIaxZaJd4Jd7L2pxQErm56M8rUOsUjJkf0",
	    "SHA256:TiFZs3fg8dFIl0VJX4b4OXhsCEI6dWnoA5plWIYkst0",
	    "" },
	{ "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
	    "AAAAK3NrLWVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20A"
	    "AAAgVJU/e9ZylnNkTL6GeJIvP99EEsh0tCTns7iXsBzcYrUAAAAIbmlzdHAyNTYA"
	    "AABBBBUpkilwgTLFvA3yUcNMJZeEZTqj6GYLOloV72R3aGW0TAP9iY5Jzj3CLY7w"
	    "mRMpc7EjLFaICxZJWigC2J5pW5EAAAAEc3NoOgAAAAAAAAAAAAAAAQAAAANib2IA"
	    "AAAHAAAAA2JvYgAAAAAAAAAA//////////8AAAAAAAAAggAAABVwZXJtaXQtWDEx"
	    "LWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAAAAAA"
	    "ABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5AAAAAAAA"
	    "AA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAABFwAAAAdzc2gtcnNhAAAAAwEAAQAA"
	    "AQEAnSLIemabNCRb6XOUm/34hnXoD+GZbN8DAQ0p0Cysyq3jSyCnwbOylKo33ShD"
	    "6JOyZ6jOWsFUBu/jOBBlLgM7Nbo/hmi0Y6SqeA5/XuQQbxCVki1PwVVlTOod6mLH"
	    "RX23PYmPnlL5U6hpFQq1xEbbu/SRj952Tl+2nNEOHdocrC8jHj6FKhyDZUG8W9jk"
	    "1T/4xhyhv7IM6RRWUbmKsVbrbxf/jRKTpQgC68QGAvdz3nNQVLDjbsij8ZqcQ2WB"
	    "Lm0MNuqwsBJ/fb6VMC57y9Re6HQJakEJ2h+g2qjdFaILpEExN2Wpzu2DU2u7zpFb"
	    "0eVwrhwl+NfaRkWP0XI2WNy+uQAAARQAAAAMcnNhLXNoYTItNTEyAAABAFSOvFJY"
	    "Uu5tHKI5zqmJ9nWPczLKKn+3IUf3hCKiG5VoJ0J4dNLpCjactrUw7GT81gals3t9"
	    "mw1CIDsFZyba2xLm6pWPe/iwAFdW9s5r6Q2bDjiDX7UfRQ4qPw4XOVqv5D43q5bQ"
	    "6gOYiOBlS02XY8HE4MSr3bCxTOXwSnMUZapPqaSZsfI3rcUcVxcqz9xbkc6mbG4s"
	    "qDKPsN1sJBFZ3FIq6qckePpWAmHyx5Hk5XZOW1RI9AA85XMYbsTxMJwet2fnuw7p"
	    "lbviRB+xByOMfVo1I+SBJJTuT8A7QWaPKXuIpCL7gdRoj/ByHXk25jgSzIkxbYvv"
	    "gq7bSWALjOXe24s=",
	    "sk-ecdsa-sha2-nistp256@openssh.com",
	    "X1OTIdYK1dIaxZaJd4Jd7L2pxQErm56M8rUOsUjJkf0",
	    "SHA256:TiFZs3fg8dFIl0VJX4b4OXhsCEI6dWnoA5plWIYkst0",
	    CA_RSA },
};

#define RSA_1024_BLOB "AAAAB3NzaC1yc2EAAAADAQABAAAAgQC8aLXJQtEhuZhsrtjKjgXGWSBPuXuYJ3UR" \
	    "ZpUaIjJ7btwmfzL921wTjudz+JT2v4rf1zf89UxstGdyAaJr2teBtCX+iQeewSlF" \
	    "2L1FAMEKX1YP4yXbbJf7wZs7g57iDoNfh+q71Ig9nxyxBuyg4nbIzUupmGdCS0qd" \
	    "dCJJkNyBiw=="

#endif
