"""Starts sweeps on an engine, and prints the execution and its history as boto3 reads them.

    sweep.py create NAME ROLE-ARN DEFINITION
    sweep.py find
    sweep.py definition STATE-MACHINE-ARN
    sweep.py run STATE-MACHINE-ARN INPUT
    sweep.py await EXECUTION-ARN
"""

import json
import sys
import time
import uuid

import boto3

sfn = boto3.client("stepfunctions")


def outcome(arn):
    while (execution := sfn.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.1)
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=arn, maxResults=1000)
    events = [event for page in pages for event in page["events"]]
    return {
        "status": execution["status"],
        # ministack writes the error of a failed execution into its output too.
        **({"output": json.loads(execution["output"])} if execution["status"] == "SUCCEEDED" else {}),
        **{name: execution[name] for name in ("error", "cause") if name in execution},
        "events": [{"type": event["type"], "state": event.get("stateEnteredEventDetails", {}).get("name")} for event in events],
    }


def main(command, *options):
    if command == "create":
        name, role, definition = options
        return sfn.create_state_machine(name=name, roleArn=role, definition=definition)["stateMachineArn"]
    if command == "find":
        return sfn.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    if command == "definition":
        return sfn.describe_state_machine(stateMachineArn=options[0])["definition"]
    if command == "run":
        arn, execution_input = options
        # moto does not choose a name.
        return outcome(sfn.start_execution(stateMachineArn=arn, input=execution_input, name=str(uuid.uuid4()))["executionArn"])
    return outcome(*options)


print(json.dumps(main(*sys.argv[1:])))
