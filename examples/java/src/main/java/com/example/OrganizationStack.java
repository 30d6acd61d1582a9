package com.example;

import io.github.cdkalternatecontact.AlternateContactDetails;
import io.github.cdkalternatecontact.AlternateContactOverride;
import io.github.cdkalternatecontact.AlternateContactSet;
import io.github.cdkalternatecontact.OrganizationAlternateContacts;
import java.util.List;
import software.amazon.awscdk.BootstraplessSynthesizer;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

public final class OrganizationStack extends Stack {
    public OrganizationStack(final Construct scope, final String id) {
        super(scope, id, StackProps.builder()
            .env(Environment.builder().region("eu-west-1").build())
            .synthesizer(new BootstraplessSynthesizer())
            .build());

        // The operations contact of every account of the organization.
        OrganizationAlternateContacts.Builder.create(this, "Contacts")
            .operations(AlternateContactDetails.builder()
                .name("Platform")
                .title("On call")
                .emailAddress("platform@example.com")
                .phoneNumber("+1 555 0104")
                .build())
            .overrides(List.of(
                // The accounts of one organizational unit have a different operations contact.
                AlternateContactOverride.forOrganizationalUnits(List.of("ou-ab12-11111111"), AlternateContactSet.builder()
                    .operations(AlternateContactDetails.builder()
                        .name("Research Lab")
                        .title("On call")
                        .emailAddress("lab@example.com")
                        .phoneNumber("+1 555 0105")
                        .build())
                    .build()),
                // ContactsStack declares the contacts of this account.
                AlternateContactOverride.exclude(List.of("111122223333"))))
            .build();
    }
}
