from aws_cdk import App, BootstraplessSynthesizer, Duration, RemovalPolicy, Stack
from aws_cdk.aws_logs import RetentionDays
from cdk_alternate_contact import (
    AlternateContact,
    AlternateContactDetails,
    AlternateContactProvider,
    AlternateContacts,
    AlternateContactType,
)
from constructs import Construct


class ContactsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id, synthesizer=BootstraplessSynthesizer())

        # The account that the stack is deployed to. Its security contact stays, even if the stack goes.
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

        # A function with other settings than the one that the contacts of a stack share by default.
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


app = App()
ContactsStack(app, "AlternateContacts")
app.synth()
