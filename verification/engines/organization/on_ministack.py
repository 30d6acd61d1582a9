"""ministack, with shims for what its Step Functions lack. Its SFN_WAIT_SCALE scales the waits.

    SERVICES_URL=... on_ministack.py
"""

import json
import os

import boto3
from botocore.exceptions import ClientError
from ministack import app
from ministack.services import stepfunctions

# 1. Account Management and Organizations are served elsewhere: ministack's have no alternate contacts and no Paths.
CLIENTS = {
    service: boto3.client(service, endpoint_url=os.environ["SERVICES_URL"], region_name="us-east-1")
    for service in ("account", "organizations")
}
invoke = stepfunctions._invoke_aws_sdk_integration


def invoke_elsewhere(resource, arguments):
    service, action = resource.split(":")[-2:]
    if service not in CLIENTS:
        return invoke(resource, arguments)
    try:
        answer = CLIENTS[service]._make_api_call(action[0].upper() + action[1:], arguments)
    except ClientError as error:
        raise stepfunctions._ExecutionError(f"{service.capitalize()}.{error.response['Error']['Code']}", error.response["Error"]["Message"]) from error
    return json.loads(json.dumps({name: value for name, value in answer.items() if name != "ResponseMetadata"}, default=str))


stepfunctions._invoke_aws_sdk_integration = invoke_elsewhere


# 2. A state assigns all of its variables at once: no expression sees the value that another one assigns.
def assign(state, raw_input, ctx, result=None, error_output=None):
    values = stepfunctions._apply_jsonata_template(state.get("Assign", {}), raw_input, ctx, result=result, error_output=error_output)
    ctx["variables"].update(values)


stepfunctions._apply_state_assign = assign

# 3. A Distributed Map takes no Items, a Parallel state no Arguments, and neither has Output and Assign.
distributed_map = stepfunctions._run_distributed_map
parallel = stepfunctions._run_parallel_branches


def conclude(state, raw_input, ctx, result):
    output = stepfunctions._apply_jsonata_output(state, raw_input, ctx, result=result, default=result)
    assign(state, raw_input, ctx, result=result)
    return output, stepfunctions._next_or_end(state)


def run_distributed_map(state, raw_input, effective, iterator, execution, ctx):
    items = stepfunctions._jsonata_state_field(state, "Items", "array", raw_input, ctx)
    return conclude(state, raw_input, ctx, distributed_map(state, raw_input, items, iterator, execution, ctx)[0])


def run_parallel_branches(state, raw_input, execution, ctx):
    arguments = stepfunctions._apply_jsonata_arguments(state, raw_input, ctx)
    return conclude(state, raw_input, ctx, parallel(state, arguments, execution, ctx)[0])


stepfunctions._run_distributed_map = run_distributed_map
stepfunctions._run_parallel_branches = run_parallel_branches

# 4. A Succeed state has no Output.
output_path = stepfunctions._apply_output_path
stepfunctions._apply_output_path = lambda state, data, ctx=None: (
    stepfunctions._apply_jsonata_output(state, data, ctx, default=data) if state["Type"] == "Succeed" else output_path(state, data, ctx)
)

app.main()
