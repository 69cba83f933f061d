"""Writes a home with a store of N made-up profiles: store.py HOME N."""

import json
import os
import sys

home, count = sys.argv[1], int(sys.argv[2])
folder = os.path.join(home, ".config", "keywright", "agents", "main")
os.makedirs(folder, mode=0o700)
profiles = {}
for number in range(count):
    name = "default" if number == 0 else f"account-{number:03}"
    if number % 4 == 3:
        profiles[f"anthropic:{name}"] = {
            "type": "token",
            "provider": "anthropic",
            "token": f"sk-ant-oat01-{'B' * 91}{number:04}",
            "expires": 1826752247985 + number * 86_400_000,
            "createdAt": 1795200000000 + number,
        }
    else:
        profiles[f"anthropic:{name}"] = {
            "type": "api_key",
            "provider": "anthropic",
            "key": f"sk-ant-api03-{'Ab3_' * 22}{number:05}AA",
            "createdAt": 1795200000000 + number,
        }
store = {"version": 1, "profiles": profiles}
path = os.path.join(folder, "auth-profiles.json")
with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
    json.dump(store, file, indent=2)
    file.write("\n")
