"""Prints which event patterns moto's EventBridge matches with each event: {"patterns": {NAME: PATTERN}, "events": [EVENT]} gives [[NAME]]."""

import json
import sys

from moto.events.models import EventPattern

given = json.loads(sys.argv[1])
patterns = {name: EventPattern.load(json.dumps(pattern)) for name, pattern in given["patterns"].items()}
print(json.dumps([[name for name, pattern in patterns.items() if pattern.matches_event(event)] for event in given["events"]]))
