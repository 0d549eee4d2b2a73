package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.ActionType;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.AuthDecision;
import software.amazon.awssdk.services.iot.model.AuthInfo;
import software.amazon.awssdk.services.iot.model.AuthResult;
import software.amazon.awssdk.services.iot.model.Configuration;
import software.amazon.awssdk.services.iot.model.CreateThingGroupResponse;
import software.amazon.awssdk.services.iot.model.DescribeEventConfigurationsResponse;
import software.amazon.awssdk.services.iot.model.DescribeThingGroupResponse;
import software.amazon.awssdk.services.iot.model.EventType;
import software.amazon.awssdk.services.iot.model.GroupNameAndArn;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.IotException;
import software.amazon.awssdk.services.iot.model.ListThingGroupsResponse;
import software.amazon.awssdk.services.iot.model.Policy;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iot.model.Tag;
import software.amazon.awssdk.services.iot.model.VersionConflictException;

/** The unmodified client of AWS's SDK for Java: endpoints, events, tags, thing groups, tests of policies. */
class ControlPlaneSdkIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static IotClient iot;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        iot = client(
                cloud.cloud().state().credentials(),
                cloud.cloud().state().account().region());
    }

    private static IotClient client(Credentials credentials, String region) {
        return IotClient.builder()
                .endpointOverride(cloud.cloud().servicesEndpoint())
                .region(Region.of(region))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClient(new JdkSdkClient())
                .build();
    }

    @AfterAll
    static void stop() {
        iot.close();
        cloud.close();
    }

    private static void expectRefusal(Credentials credentials, String region, String code, String message) {
        try (IotClient client = client(credentials, region)) {
            assertThatThrownBy(client::listThings).isInstanceOfSatisfying(IotException.class, error -> {
                assertThat(error.statusCode()).isEqualTo(403);
                assertThat(error.awsErrorDetails().errorCode()).isEqualTo(code);
                assertThat(error.awsErrorDetails().errorMessage()).isEqualTo(message);
                assertThat(error.requestId()).hasSize(36);
            });
        }
    }

    @Test
    void fault_of_a_signature_is_an_exception_of_the_service() {
        Credentials local = cloud.cloud().state().credentials();
        Credentials wrong = new Credentials(local.accessKeyId(), "not+the+secret");
        String region = cloud.cloud().state().account().region();

        expectRefusal(
                Credentials.random(new SecureRandom()),
                region,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.");
        expectRefusal(
                wrong,
                region,
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret"
                        + " Access Key and signing method. Consult the service documentation for details.");
        expectRefusal(
                local,
                "us-east-1",
                "InvalidSignatureException",
                "Credential should be scoped to a valid region, not 'us-east-1'.");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"iot:Data-ATS", "IoT:Data-ATS", "iot:data", "iot:Jobs", "iot:CredentialProvider"})
    void endpoint_of_each_type_is_the_port_that_speaks_every_protocol(String type) {
        assertThat(iot.describeEndpoint(request -> request.endpointType(type)).endpointAddress())
                .isEqualTo("127.0.0.1:" + cloud.gatewayPort());
    }

    @Test
    void endpoint_of_an_unknown_type_is_refused() {
        assertThatThrownBy(() -> iot.describeEndpoint(request -> request.endpointType("iot:Date")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void events_are_off_until_they_are_switched_on() {
        assertThat(iot.describeEventConfigurations().eventConfigurations())
                .hasSize(11)
                .allSatisfy((type, configuration) ->
                        assertThat(configuration.enabled()).isFalse());

        iot.updateEventConfigurations(request -> request.eventConfigurations(
                Map.of(EventType.JOB, Configuration.builder().enabled(true).build())));

        DescribeEventConfigurationsResponse after = iot.describeEventConfigurations();
        assertThat(after.eventConfigurations())
                .containsEntry(
                        EventType.JOB, Configuration.builder().enabled(true).build())
                .containsEntry(
                        EventType.THING, Configuration.builder().enabled(false).build());
        assertThat(after.creationDate()).isEqualTo(after.lastModifiedDate());
    }

    @Test
    void unknown_event_type_is_refused() {
        assertThatThrownBy(() -> iot.updateEventConfigurations(request -> request.eventConfigurationsWithStrings(
                        Map.of("JOBS", Configuration.builder().enabled(true).build()))))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static CreateThingGroupResponse group(String name, @Nullable String parent) {
        return iot.createThingGroup(request -> request.thingGroupName(name).parentGroupName(parent));
    }

    private static List<String> names(ListThingGroupsResponse page) {
        return page.thingGroups().stream().map(GroupNameAndArn::groupName).toList();
    }

    @Test
    void group_is_made_described_changed_and_deleted() {
        CreateThingGroupResponse made = iot.createThingGroup(request -> request.thingGroupName("pumps")
                .thingGroupProperties(properties -> properties
                        .thingGroupDescription("all pumps")
                        .attributePayload(AttributePayload.builder()
                                .attributes(Map.of("floor", "1"))
                                .build())));

        assertThat(made.thingGroupArn()).isEqualTo("arn:aws:iot:eu-central-1:000000000000:thinggroup/pumps");
        DescribeThingGroupResponse described = iot.describeThingGroup(request -> request.thingGroupName("pumps"));
        assertThat(described.thingGroupId()).isEqualTo(made.thingGroupId());
        assertThat(described.version()).isEqualTo(1);
        assertThat(described.thingGroupProperties().thingGroupDescription()).isEqualTo("all pumps");
        assertThat(described.thingGroupMetadata().creationDate()).isNotNull();

        long version = iot.updateThingGroup(request -> request.thingGroupName("pumps")
                        .expectedVersion(1L)
                        .thingGroupProperties(properties -> properties.attributePayload(AttributePayload.builder()
                                .attributes(Map.of("room", "2"))
                                .merge(true)
                                .build())))
                .version();

        assertThat(version).isEqualTo(2);
        assertThat(iot.describeThingGroup(request -> request.thingGroupName("pumps"))
                        .thingGroupProperties()
                        .attributePayload()
                        .attributes())
                .isEqualTo(Map.of("floor", "1", "room", "2"));
        assertThatThrownBy(() -> iot.deleteThingGroup(
                        request -> request.thingGroupName("pumps").expectedVersion(1L)))
                .isInstanceOf(VersionConflictException.class);
        iot.deleteThingGroup(request -> request.thingGroupName("pumps"));
        iot.deleteThingGroup(request -> request.thingGroupName("pumps"));
        assertThatThrownBy(() -> iot.describeThingGroup(request -> request.thingGroupName("pumps")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void same_group_is_made_again_and_another_of_its_name_is_refused() {
        String id = group("twice", null).thingGroupId();

        assertThat(group("twice", null).thingGroupId()).isEqualTo(id);
        assertThatThrownBy(() -> iot.createThingGroup(request -> request.thingGroupName("twice")
                        .thingGroupProperties(properties -> properties.thingGroupDescription("other"))))
                .isInstanceOfSatisfying(
                        ResourceAlreadyExistsException.class,
                        error -> assertThat(error.resourceId()).isEqualTo(id));
    }

    @Test
    void groups_have_a_hierarchy() {
        group("house", null);
        group("cellar", "house");
        group("shelf", "cellar");

        assertThat(iot.describeThingGroup(request -> request.thingGroupName("shelf"))
                        .thingGroupMetadata()
                        .rootToParentThingGroups())
                .extracting(GroupNameAndArn::groupName)
                .containsExactly("house", "cellar");
        assertThat(names(iot.listThingGroups(request -> request.parentGroup("house"))))
                .containsExactly("cellar");
        assertThat(names(iot.listThingGroups(
                        request -> request.parentGroup("house").recursive(true))))
                .containsExactly("cellar", "shelf");
        assertThat(names(iot.listThingGroups(request -> request.recursive(false))))
                .contains("house")
                .doesNotContain("cellar", "shelf");
        assertThatThrownBy(() -> iot.deleteThingGroup(request -> request.thingGroupName("cellar")))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> group("lost", "nowhere")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void hierarchy_is_bounded() {
        @Nullable String parent = null;
        for (int level = 1; level <= 7; level++) {
            group("level-" + level, parent);
            parent = "level-" + level;
        }

        assertThatThrownBy(() -> group("level-8", "level-7")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void groups_are_listed_by_pages() {
        for (String name : List.of("page-1", "page-2", "page-3")) {
            group(name, null);
        }

        ListThingGroupsResponse first =
                iot.listThingGroups(request -> request.namePrefixFilter("page-").maxResults(2));
        ListThingGroupsResponse second = iot.listThingGroups(
                request -> request.namePrefixFilter("page-").maxResults(2).nextToken(first.nextToken()));

        assertThat(names(first)).containsExactly("page-1", "page-2");
        assertThat(names(second)).containsExactly("page-3");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void thing_belongs_to_groups_by_name_or_arn() {
        String thing = iot.createThing(request -> request.thingName("member")).thingArn();
        group("garden", null);
        String shed = group("shed", "garden").thingGroupArn();
        group("other", null);

        iot.addThingToThingGroup(request -> request.thingGroupArn(shed).thingArn(thing));
        iot.addThingToThingGroup(request -> request.thingGroupName("shed").thingName("member"));
        iot.addThingToThingGroup(request -> request.thingGroupName("other").thingName("member"));

        assertThat(iot.listThingsInThingGroup(request -> request.thingGroupName("shed"))
                        .things())
                .containsExactly("member");
        assertThat(iot.listThingsInThingGroup(request -> request.thingGroupName("garden"))
                        .things())
                .isEmpty();
        assertThat(iot.listThingsInThingGroup(
                                request -> request.thingGroupName("garden").recursive(true))
                        .things())
                .containsExactly("member");
        assertThat(iot.listThingGroupsForThing(request -> request.thingName("member"))
                        .thingGroups())
                .extracting(GroupNameAndArn::groupName)
                .containsExactly("other", "shed");
        assertThatThrownBy(() -> iot.addThingToThingGroup(
                        request -> request.thingGroupName("garden").thingName("member")))
                .isInstanceOf(InvalidRequestException.class);

        iot.removeThingFromThingGroup(request -> request.thingGroupName("shed").thingName("member"));

        assertThat(iot.listThingGroupsForThing(request -> request.thingName("member"))
                        .thingGroups())
                .extracting(GroupNameAndArn::groupName)
                .containsExactly("other");
    }

    @Test
    void thing_that_was_deleted_belongs_to_no_group_and_neither_does_the_next_of_its_name() {
        iot.createThing(request -> request.thingName("short-lived"));
        group("living", null);
        iot.addThingToThingGroup(request -> request.thingGroupName("living").thingName("short-lived"));

        iot.deleteThing(request -> request.thingName("short-lived"));
        iot.createThing(request -> request.thingName("short-lived"));

        assertThat(iot.listThingsInThingGroup(request -> request.thingGroupName("living"))
                        .things())
                .isEmpty();
        assertThat(iot.listThingGroupsForThing(request -> request.thingName("short-lived"))
                        .thingGroups())
                .isEmpty();
    }

    @Test
    void unknown_thing_and_group_are_told() {
        group("known", null);

        assertThatThrownBy(() -> iot.addThingToThingGroup(
                        request -> request.thingGroupName("known").thingName("unknown")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> iot.listThingGroupsForThing(request -> request.thingName("unknown")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> iot.listThingsInThingGroup(request -> request.thingGroupName("unknown")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void group_has_tags_until_it_is_deleted() {
        String arn = iot.createThingGroup(request -> request.thingGroupName("tagged")
                        .tags(Tag.builder().key("owner").value("me").build()))
                .thingGroupArn();

        iot.tagResource(request -> request.resourceArn(arn)
                .tags(
                        Tag.builder().key("owner").value("you").build(),
                        Tag.builder().key("empty").build()));
        List<Tag> tags =
                iot.listTagsForResource(request -> request.resourceArn(arn)).tags();
        iot.untagResource(request -> request.resourceArn(arn).tagKeys("empty"));

        assertThat(tags).extracting(Tag::key).containsExactly("empty", "owner");
        assertThat(iot.listTagsForResource(request -> request.resourceArn(arn)).tags())
                .containsExactly(Tag.builder().key("owner").value("you").build());
        iot.deleteThingGroup(request -> request.thingGroupName("tagged"));
        assertThatThrownBy(() -> iot.listTagsForResource(request -> request.resourceArn(arn)))
                .isInstanceOf(ResourceNotFoundException.class);
        group("tagged", null);
        assertThat(iot.listTagsForResource(request -> request.resourceArn(arn)).tags())
                .isEmpty();
    }

    private static AuthInfo info(ActionType action, String... resources) {
        return AuthInfo.builder()
                .actionType(action)
                .resources(List.of(resources).stream()
                        .map(resource -> "arn:aws:iot:eu-central-1:000000000000:" + resource)
                        .toList())
                .build();
    }

    @Test
    void policies_are_tested_without_a_connection() throws Exception {
        Thing pump = cloud.thing("tested");
        cloud.edit(pump.files().policy(), policy -> """
                {"Version":"2012-10-17","Statement":[
                  {"Effect":"Allow","Action":"iot:Connect","Resource":"arn:aws:iot:*:*:client/${iot:ClientId}"},
                  {"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/a/*"},
                  {"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:*:*:topic/a/secret"}]}
                """);
        String arn = "arn:aws:iot:eu-central-1:000000000000:cert/"
                + pump.certificateId().value();

        List<AuthResult> results = iot.testAuthorization(request -> request.principal(arn)
                        .clientId("tested")
                        .authInfos(
                                info(ActionType.CONNECT, "client/tested"),
                                info(ActionType.PUBLISH, "topic/a/b", "topic/a/secret"),
                                info(ActionType.PUBLISH, "topic/a/b", "topic/b"),
                                info(ActionType.SUBSCRIBE, "topicfilter/a/#")))
                .authResults();

        assertThat(results)
                .extracting(AuthResult::authDecision)
                .containsExactly(
                        AuthDecision.ALLOWED,
                        AuthDecision.EXPLICIT_DENY,
                        AuthDecision.IMPLICIT_DENY,
                        AuthDecision.IMPLICIT_DENY);
        assertThat(results.get(0).allowed().policies()).hasSize(1);
        assertThat(results.get(1).denied().explicitDeny().policies()).hasSize(1);
        assertThat(results.get(2).authInfo().actionType()).isEqualTo(ActionType.PUBLISH);
    }

    @Test
    void policy_of_a_group_counts_for_the_things_in_it_until_the_group_is_deleted() {
        String certificate = iot.createKeysAndCertificate(request -> request.setAsActive(true))
                .certificateArn();
        iot.createThing(request -> request.thingName("grouped"));
        iot.attachThingPrincipal(request -> request.thingName("grouped").principal(certificate));
        group("above", null);
        group("below", "above");
        iot.createPolicy(request -> request.policyName("of-the-group")
                .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                        + "\"Action\":\"iot:Connect\","
                        + "\"Resource\":\"arn:aws:iot:*:*:client/${iot:Connection.Thing.ThingName}\"}]}"));
        iot.attachPolicy(request ->
                request.policyName("of-the-group").target("arn:aws:iot:eu-central-1:000000000000:thinggroup/above"));

        String below = "arn:aws:iot:eu-central-1:000000000000:thinggroup/below";
        assertThat(iot.listAttachedPolicies(request -> request.target(below)).policies())
                .isEmpty();
        assertThat(iot.listAttachedPolicies(request -> request.target(below).recursive(true))
                        .policies())
                .extracting(Policy::policyName)
                .containsExactly("of-the-group");

        AuthDecision before = decision(certificate);
        iot.addThingToThingGroup(request -> request.thingGroupName("below").thingName("grouped"));
        AuthDecision inside = decision(certificate);
        iot.deleteThingGroup(request -> request.thingGroupName("below"));
        AuthDecision after = decision(certificate);

        assertThat(List.of(before, inside, after))
                .containsExactly(AuthDecision.IMPLICIT_DENY, AuthDecision.ALLOWED, AuthDecision.IMPLICIT_DENY);
        iot.deleteThingGroup(request -> request.thingGroupName("above"));
        iot.deletePolicy(request -> request.policyName("of-the-group"));
    }

    private static AuthDecision decision(String certificate) {
        return iot.testAuthorization(request -> request.principal(certificate)
                        .clientId("grouped")
                        .authInfos(info(ActionType.CONNECT, "client/grouped")))
                .authResults()
                .getFirst()
                .authDecision();
    }

    @Test
    void policy_has_tags() {
        String arn = iot.createPolicy(request -> request.policyName("tagged-policy")
                        .policyDocument("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                + "\"Action\":\"iot:Connect\",\"Resource\":\"*\"}]}"))
                .policyArn();

        iot.tagResource(request -> request.resourceArn(arn)
                .tags(Tag.builder().key("owner").value("me").build()));

        assertThat(iot.listTagsForResource(request -> request.resourceArn(arn)).tags())
                .hasSize(1);
    }

    @Test
    void unknown_principal_is_told() {
        assertThatThrownBy(() -> iot.testAuthorization(
                        request -> request.principal("arn:aws:iot:eu-central-1:000000000000:cert/" + "0".repeat(64))
                                .authInfos(info(ActionType.CONNECT, "client/a"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void operation_that_is_not_served_is_named_in_the_error() {
        assertThatThrownBy(() -> iot.listBillingGroups()).isInstanceOfSatisfying(IotException.class, error -> {
            assertThat(error.statusCode()).isEqualTo(501);
            assertThat(error.awsErrorDetails().errorMessage()).contains("ListBillingGroups");
        });
    }
}
