from aws_cdk import App, BootstraplessSynthesizer, Duration, Environment, RemovalPolicy, Stack
from aws_cdk.aws_logs import RetentionDays
from cdk_alternate_contact import (
    AlternateContact,
    AlternateContactDetails,
    AlternateContactOverride,
    AlternateContactProvider,
    AlternateContacts,
    AlternateContactType,
    OrganizationAlternateContacts,
    OrganizationEventForwarder,
)
from constructs import Construct


class ContactsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, synthesizer=BootstraplessSynthesizer())

        # The account that the stack is deployed to. Its security contact stays, even if the stack is deleted.
        AlternateContact(
            self,
            "Security",
            alternate_contact_type=AlternateContactType.SECURITY,
            name="Security Operations",
            title="On call",
            email_address="security@example.com",
            phone_number="+1 555 0100",
            removal_policy=RemovalPolicy.RETAIN,
        )

        # Another account of the organization.
        AlternateContacts(
            self,
            "Shop",
            account_id="111122223333",
            billing=AlternateContactDetails(
                name="Accounts Payable",
                title="Finance",
                email_address="invoices@example.com",
                phone_number="+1 555 0101",
            ),
            operations=AlternateContactDetails(
                name="Shop",
                title="On call",
                email_address="shop@example.com",
                phone_number="+1 555 0102",
            ),
        )

        # A provider with other settings. The contacts above share the default provider.
        provider = AlternateContactProvider(
            self,
            "Provider",
            log_retention=RetentionDays.ONE_YEAR,
            timeout=Duration.minutes(5),
        )
        AlternateContact(
            self,
            "Billing",
            alternate_contact_type=AlternateContactType.BILLING,
            name="Accounts Payable",
            title="Finance",
            email_address="invoices@example.com",
            phone_number="+1 555 0101",
            provider=provider,
        )


class OrganizationStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            env=Environment(region="eu-west-1"),
            synthesizer=BootstraplessSynthesizer(),
        )

        # The operations contact of every account of the organization.
        OrganizationAlternateContacts(
            self,
            "Contacts",
            operations=AlternateContactDetails(
                name="Platform",
                title="On call",
                email_address="platform@example.com",
                phone_number="+1 555 0104",
            ),
            overrides=[
                # The accounts of one organizational unit have a different operations contact.
                AlternateContactOverride.for_organizational_units(
                    ["ou-ab12-11111111"],
                    operations=AlternateContactDetails(
                        name="Research Lab",
                        title="On call",
                        email_address="lab@example.com",
                        phone_number="+1 555 0105",
                    ),
                ),
                # The stack above declares the contacts of this account.
                AlternateContactOverride.exclude(["111122223333"]),
            ],
        )


class EventsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            env=Environment(region="us-east-1"),
            synthesizer=BootstraplessSynthesizer(),
        )

        # Organizations sends its events to us-east-1 of the management account only.
        OrganizationEventForwarder(self, "Forwarder", target_region="eu-west-1")


app = App()
ContactsStack(app, "AlternateContacts")
OrganizationStack(app, "OrganizationContacts")
EventsStack(app, "OrganizationEvents")
app.synth()
