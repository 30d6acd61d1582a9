package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	contact "github.com/cdk-alternate-contact/cdk-alternate-contact-go/cdkalternatecontact"
)

func NewContactsStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &awscdk.StackProps{
		Synthesizer: awscdk.NewBootstraplessSynthesizer(nil),
	})

	// The account that the stack is deployed to. Its security contact stays, even if the stack is deleted.
	contact.NewAlternateContact(stack, jsii.String("Security"), &contact.AlternateContactProps{
		AlternateContactType: contact.AlternateContactType_SECURITY,
		Name:                 jsii.String("Security Operations"),
		Title:                jsii.String("On call"),
		EmailAddress:         jsii.String("security@example.com"),
		PhoneNumber:          jsii.String("+1 555 0100"),
		RemovalPolicy:        awscdk.RemovalPolicy_RETAIN,
	})

	// Another account of the organization.
	contact.NewAlternateContacts(stack, jsii.String("Shop"), &contact.AlternateContactsProps{
		AccountId: jsii.String("111122223333"),
		Billing: &contact.AlternateContactDetails{
			Name:         jsii.String("Accounts Payable"),
			Title:        jsii.String("Finance"),
			EmailAddress: jsii.String("invoices@example.com"),
			PhoneNumber:  jsii.String("+1 555 0101"),
		},
		Operations: &contact.AlternateContactDetails{
			Name:         jsii.String("Shop"),
			Title:        jsii.String("On call"),
			EmailAddress: jsii.String("shop@example.com"),
			PhoneNumber:  jsii.String("+1 555 0102"),
		},
	})

	// A provider with other settings. The contacts above share the default provider.
	provider := contact.NewAlternateContactProvider(stack, jsii.String("Provider"), &contact.AlternateContactProviderProps{
		LogRetention: awslogs.RetentionDays_ONE_YEAR,
		Timeout:      awscdk.Duration_Minutes(jsii.Number(5)),
	})
	contact.NewAlternateContact(stack, jsii.String("Billing"), &contact.AlternateContactProps{
		AlternateContactType: contact.AlternateContactType_BILLING,
		Name:                 jsii.String("Accounts Payable"),
		Title:                jsii.String("Finance"),
		EmailAddress:         jsii.String("invoices@example.com"),
		PhoneNumber:          jsii.String("+1 555 0101"),
		Provider:             provider,
	})

	return stack
}

func NewOrganizationStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &awscdk.StackProps{
		Env:         &awscdk.Environment{Region: jsii.String("eu-west-1")},
		Synthesizer: awscdk.NewBootstraplessSynthesizer(nil),
	})

	// The operations contact of every account of the organization.
	contact.NewOrganizationAlternateContacts(stack, jsii.String("Contacts"), &contact.OrganizationAlternateContactsProps{
		Operations: &contact.AlternateContactDetails{
			Name:         jsii.String("Platform"),
			Title:        jsii.String("On call"),
			EmailAddress: jsii.String("platform@example.com"),
			PhoneNumber:  jsii.String("+1 555 0104"),
		},
		Overrides: &[]contact.AlternateContactOverride{
			// The accounts of one organizational unit have a different operations contact.
			contact.AlternateContactOverride_ForOrganizationalUnits(jsii.Strings("ou-ab12-11111111"), &contact.AlternateContactSet{
				Operations: &contact.AlternateContactDetails{
					Name:         jsii.String("Research Lab"),
					Title:        jsii.String("On call"),
					EmailAddress: jsii.String("lab@example.com"),
					PhoneNumber:  jsii.String("+1 555 0105"),
				},
			}),
			// The stack above declares the contacts of this account.
			contact.AlternateContactOverride_Exclude(jsii.Strings("111122223333")),
		},
	})

	return stack
}

func NewEventsStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, &awscdk.StackProps{
		Env:         &awscdk.Environment{Region: jsii.String("us-east-1")},
		Synthesizer: awscdk.NewBootstraplessSynthesizer(nil),
	})

	// Organizations sends its events to us-east-1 of the management account only.
	contact.NewOrganizationEventForwarder(stack, jsii.String("Forwarder"), &contact.OrganizationEventForwarderProps{
		TargetRegion: jsii.String("eu-west-1"),
	})

	return stack
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	NewContactsStack(app, "AlternateContacts")
	NewOrganizationStack(app, "OrganizationContacts")
	NewEventsStack(app, "OrganizationEvents")
	app.Synth(nil)
}
