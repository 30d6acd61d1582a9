from aws_cdk import App, BootstraplessSynthesizer, Duration, Environment, Stack
from aws_cdk.aws_cloudwatch import TreatMissingData
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


class OrganizationContacts(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        contacts = OrganizationAlternateContacts(
            self,
            "Contacts",
            billing=contact("Accounts Payable", "Finance", "invoices", "+1 555 0101"),
            operations=contact("Platform", "On call", "platform", "+1 555 0104"),
            security=contact("Security Operations", "On call", "security", "+1 555 0100"),
            overrides=[
                AlternateContactOverride.for_organizational_units(
                    ["ou-ab12-11111111"],
                    operations=contact("Shop", "On call", "shop", "+1 555 0102"),
                ),
                AlternateContactOverride.for_accounts(
                    ["222222222222"],
                    security=contact("Research Lab", "On call", "lab", "+1 555 0105"),
                ),
                AlternateContactOverride.exclude(["333333333333", "ou-ab12-99999999"]),
            ],
        )
        contacts.metric_failed(period=Duration.minutes(5)).create_alarm(
            self,
            "SweepFailed",
            threshold=1,
            evaluation_periods=1,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
        )


class OrganizationEvents(Stack):
    """Organizations tells of new accounts in us-east-1 of the management account only."""

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
