"""Prints the alternate contacts of accounts as boto3 reads them, with `get` also the stacks and the logs of the functions; or sets contacts by hand.

    observe.py get ACCOUNT...
    observe.py contacts ACCOUNT...
    observe.py put INPUT-OF-PUT-ALTERNATE-CONTACT...
"""

import json
import os
import sys

import boto3

OWN_ACCOUNT = os.environ["AWS_ACCESS_KEY_ID"]
TYPES = ("BILLING", "OPERATIONS", "SECURITY")

account = boto3.client("account")


def contact(account_id, contact_type):
    # An account names itself by naming none: AWS refuses the management account its own id.
    addressed = {} if account_id == OWN_ACCOUNT else {"AccountId": account_id}
    try:
        answer = account.get_alternate_contact(AlternateContactType=contact_type, **addressed)
    except account.exceptions.ResourceNotFoundException:
        return None
    return answer["AlternateContact"]


def function_logs():
    logs = boto3.client("logs")
    groups = [group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
    events = [
        event
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        for event in page["events"]
    ]
    return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])]


def contacts(account_ids):
    found = {(account_id, contact_type): contact(account_id, contact_type) for account_id in account_ids for contact_type in TYPES}
    return {"/".join(key): value for key, value in found.items() if value}


command, *options = sys.argv[1:]
if command == "put":
    for contact_input in options:
        account.put_alternate_contact(**json.loads(contact_input))
elif command == "contacts":
    print(json.dumps(contacts(options)))
else:
    print(json.dumps({
        "contacts": contacts(options),
        "stacks": {stack["StackName"]: stack["StackStatus"] for stack in boto3.client("cloudformation").describe_stacks()["Stacks"]},
        "logs": function_logs(),
    }))
