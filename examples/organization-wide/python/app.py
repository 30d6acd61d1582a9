from aws_cdk import App, BootstraplessSynthesizer, Duration, Environment, Stack
from aws_cdk.aws_cloudwatch import ComparisonOperator, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_events_targets import SnsTopic
from aws_cdk.aws_iam import ServicePrincipal
from aws_cdk.aws_kms import Key
from aws_cdk.aws_sns import Topic
from cdk_alternate_contact import (
    AlternateContactDetails,
    AlternateContactOverride,
    OrganizationAlternateContacts,
    OrganizationEventForwarder,
)
from constructs import Construct

# The management account, or the delegated administrator for Account Management.
ACCOUNT = "111111111111"


def contact(name: str, title: str, mailbox: str, phone_number: str) -> AlternateContactDetails:
    return AlternateContactDetails(name=name, title=title, email_address=f"{mailbox}@example.com", phone_number=phone_number)


finance = contact("Accounts Payable", "Finance", "invoices", "+1 555 0101")
platform = contact("Platform", "On call", "platform", "+1 555 0104")
soc = contact("Security Operations", "On call", "security", "+1 555 0100")
shop = contact("Shop", "On call", "shop", "+1 555 0102")
lab = contact("Research Lab", "On call", "lab", "+1 555 0105")


class OrganizationContacts(Stack):
    """Keeps the contacts of all accounts, and notifies a topic when a sweep fails, or when none has succeeded for a day."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        contacts = OrganizationAlternateContacts(
            self,
            "Contacts",
            billing=finance,
            operations=platform,
            security=soc,
            overrides=[
                AlternateContactOverride.for_organizational_units(["ou-ab12-11111111"], operations=shop),
                AlternateContactOverride.for_accounts(["222222222222"], security=lab),
                AlternateContactOverride.exclude(["333333333333", "ou-ab12-99999999"]),
            ],
        )

        topic = Topic(self, "Sweeps", master_key=Key(self, "SweepsKey", enable_key_rotation=True), enforce_ssl=True)
        # An alarm does not grant itself access to the topic and its key. The AWS managed key of SNS has a fixed policy, so this is another key.
        topic.grant_publish(ServicePrincipal("cloudwatch.amazonaws.com"))
        failed = contacts.metric_failed(period=Duration.minutes(5)).create_alarm(
            self,
            "SweepFailed",
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )
        missing = contacts.metric_succeeded(period=Duration.days(1)).create_alarm(
            self,
            "NoSweepSucceeded",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=ComparisonOperator.LESS_THAN_THRESHOLD,
            treat_missing_data=TreatMissingData.BREACHING,
        )
        for alarm in [failed, missing]:
            alarm.add_alarm_action(SnsAction(topic))
        contacts.on_sweep_completed("Completed", target=SnsTopic(topic))


class OrganizationEvents(Stack):
    """Organizations sends its events to us-east-1 of the management account only."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        OrganizationEventForwarder(self, "Forwarder", target_region="eu-west-1")


app = App()
OrganizationContacts(
    app,
    "OrganizationContacts",
    env=Environment(account=ACCOUNT, region="eu-west-1"),
    synthesizer=BootstraplessSynthesizer(),
)
OrganizationEvents(
    app,
    "OrganizationEvents",
    env=Environment(account=ACCOUNT, region="us-east-1"),
    synthesizer=BootstraplessSynthesizer(),
)
app.synth()
