package com.example;

import io.github.cdkalternatecontact.AlternateContact;
import io.github.cdkalternatecontact.AlternateContactDetails;
import io.github.cdkalternatecontact.AlternateContactProvider;
import io.github.cdkalternatecontact.AlternateContactType;
import io.github.cdkalternatecontact.AlternateContacts;
import software.amazon.awscdk.BootstraplessSynthesizer;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

public final class ContactsStack extends Stack {
    public ContactsStack(final Construct scope, final String id) {
        super(scope, id, StackProps.builder().synthesizer(new BootstraplessSynthesizer()).build());

        // The account that the stack is deployed to. Its security contact stays, even if the stack is deleted.
        AlternateContact.Builder.create(this, "Security")
            .alternateContactType(AlternateContactType.SECURITY)
            .name("Security Operations")
            .title("On call")
            .emailAddress("security@example.com")
            .phoneNumber("+1 555 0100")
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();

        // Another account of the organization.
        AlternateContacts.Builder.create(this, "Shop")
            .accountId("111122223333")
            .billing(AlternateContactDetails.builder()
                .name("Accounts Payable")
                .title("Finance")
                .emailAddress("invoices@example.com")
                .phoneNumber("+1 555 0101")
                .build())
            .operations(AlternateContactDetails.builder()
                .name("Shop")
                .title("On call")
                .emailAddress("shop@example.com")
                .phoneNumber("+1 555 0102")
                .build())
            .build();

        // A provider with other settings. The contacts above share the default provider.
        AlternateContactProvider provider = AlternateContactProvider.Builder.create(this, "Provider")
            .logRetention(RetentionDays.ONE_YEAR)
            .timeout(Duration.minutes(5))
            .build();
        AlternateContact.Builder.create(this, "Billing")
            .alternateContactType(AlternateContactType.BILLING)
            .name("Accounts Payable")
            .title("Finance")
            .emailAddress("invoices@example.com")
            .phoneNumber("+1 555 0101")
            .provider(provider)
            .build();
    }
}
