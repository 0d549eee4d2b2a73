package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.http.operation.WrongRequest.Sent;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong requests for jobs, to the control plane and the data plane: made from what the tables of operations say of
 * their input, and written by hand where a member has members of its own.
 */
class JobInputVariantsTest {
    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 213;

    private final TestJobs test = new TestJobs(new InMemoryTables());

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private Answer ask(Sent sent) {
        return test.send(sent.method(), sent.target(), sent.body());
    }

    /** CreateJob on a thing that there is.
     *
     * @param rest further members, in which ' stands for "
     */
    private static Sent create(String rest) {
        return new Sent(
                "PUT",
                "/jobs/j",
                TestJobs.quoted("{'targets':['" + TestJobs.ARN + "thing/pump']" + rest + "}"),
                List.of());
    }

    private static Sent made(String rest) {
        return create(",'document':'{}'" + rest);
    }

    private static Sent managed(String parameters) {
        return create(",'jobTemplateArn':'arn:aws:iot:us-east-1::jobtemplate/AWS-Download-File:1.0',"
                + "'documentParameters':" + parameters);
    }

    private static Sent update(String body) {
        return new Sent("POST", "/data/things/pump/jobs/j", TestJobs.quoted(body), List.of());
    }

    private static Stream<Sent> documents() {
        return Stream.of(
                create(""),
                create(",'document':'[]'"),
                create(",'document':'{} {}'"),
                create(",'document':'{\\'a\\':1,\\'a\\':2}'"),
                create(",'document':'" + "{\\'a\\':".repeat(100) + "1" + "}".repeat(100) + "'"),
                create(",'document':'{\\'a\\':\\'" + "${aws:iot:x}".repeat(11) + "\\'}'"),
                create(",'documentSource':'https://s3.amazonaws.com/b/k'"),
                create(",'document':'{}','documentSource':'https://s3.amazonaws.com/b/k'"),
                create(",'document':'{\\'a\\':\\'${aws:iot:s3-presigned-url:https://s3.amazonaws.com/b/k}\\'}'"),
                create(",'document':'{\\'a\\':\\'${aws:iot:s3-presigned-url-v2:https://s3.amazonaws.com/b/k}\\'}',"
                        + "'presignedUrlConfig':{'roleArn':'arn:aws:iam::000000000000:role/r'}"),
                create(",'document':'{\\'a\\':\\'${aws:iot:code-sign-signature:s3://r.b/k@v}\\'}'"),
                create(",'jobTemplateArn':'arn:aws:iot:us-east-1::jobtemplate/AWS-Reboot:1.0','document':'{}'"),
                made(",'documentParameters':{'a':'b'}"));
    }

    private static Stream<Sent> parameters() {
        return Stream.of(
                managed("{}"),
                managed("{'downloadUrl':'u'}"),
                managed("{'downloadUrl':'u','filePath':'p','other':'o'}"),
                managed("{'downloadUrl':'u','filePath':''}"),
                managed("{'downloadUrl':'u','filePath':1}"),
                managed("{'downloadUrl':'u','filePath':'a\\n'}"),
                managed("{'downloadUrl':'u','filePath':'p','runAsUser':'" + "u".repeat(257) + "'}"),
                managed("{'downloadUrl':'u','filePath':'p','pathToHandler':'" + "p".repeat(4097) + "'}"),
                managed("{'downloadUrl':'u','filePath':'" + "p".repeat(30_721) + "'}"),
                managed("{'downloadUrl':'" + "u".repeat(16_384) + "','filePath':'" + "p".repeat(16_384) + "'}"));
    }

    private static Stream<Sent> configurations() {
        String hundredAndOne = String.join(
                ",", IntStream.range(0, 101).mapToObj(i -> "'" + i + "'").toList());
        return Stream.of(
                made(",'timeoutConfig':{'inProgressTimeoutInMinutes':0}"),
                made(",'timeoutConfig':{'inProgressTimeoutInMinutes':10081}"),
                made(",'timeoutConfig':{'inProgressTimeoutInMinutes':'1'}"),
                made(",'presignedUrlConfig':{'expiresInSec':59}"),
                made(",'presignedUrlConfig':{'expiresInSec':3601}"),
                made(",'presignedUrlConfig':{'roleArn':1}"),
                made(",'jobExecutionsRetryConfig':{'criteriaList':[]}"),
                made(",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'REJECTED','numberOfRetries':1}]}"),
                made(",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED','numberOfRetries':11}]}"),
                made(",'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED'}]}"),
                made(",'jobExecutionsRetryConfig':{'criteriaList':{'a':{'failureType':'FAILED','numberOfRetries':1}}}"),
                made(",'abortConfig':{'criteriaList':{'a':{'failureType':'FAILED','action':'CANCEL',"
                        + "'thresholdPercentage':1,'minNumberOfExecutedThings':1}}}"),
                made(",'targetSelection':'CONTINUOUS','schedulingConfig':{'maintenanceWindows':"
                        + "{'a':{'startTime':'cron(0 0 * * ? *)','durationInMinutes':1}}}"),
                made(",'tags':[{'Key':'aws:a','Value':'b'}]"),
                made(",'tags':[{'Value':'b'}]"),
                new Sent("PUT", "/jobs/j", TestJobs.quoted("{'targets':[],'document':'{}'}"), List.of()),
                new Sent("PUT", "/jobs/j", TestJobs.quoted("{'targets':[1],'document':'{}'}"), List.of()),
                new Sent(
                        "PUT",
                        "/jobs/j",
                        TestJobs.quoted("{'targets':[" + hundredAndOne + "],'document':'{}'}"),
                        List.of()),
                new Sent("PUT", "/jobs/j", "{", List.of()),
                new Sent("PUT", "/job-templates/t", TestJobs.quoted("{'description':'d'}"), List.of()),
                new Sent("PUT", "/job-templates/t", TestJobs.quoted("{'description':'d','document':'x'}"), List.of()),
                new Sent("GET", "/jobs?nextToken=%3F", "", List.of()),
                new Sent("GET", "/managed-job-templates?nextToken=%3F", "", List.of()));
    }

    private static Stream<Sent> updates() {
        return Stream.of(
                update("{'status':'QUEUED'}"),
                update("{'status':'TIMED_OUT'}"),
                update("{'status':'SUCCEEDED','statusDetails':{'a b':'c'}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'a':1}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'a':''}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'a':'b\\n'}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'a':'" + "b".repeat(1025) + "'}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'" + "a".repeat(129) + "':'b'}}"),
                update("{'status':'SUCCEEDED','statusDetails':{'0':'x','1':'x','2':'x','3':'x','4':'x','5':'x',"
                        + "'6':'x','7':'x','8':'x','9':'x','10':'x'}}"),
                update("{'status':'SUCCEEDED','stepTimeoutInMinutes':0}"),
                update("[]"),
                new Sent(
                        "PUT",
                        "/data/things/pump/jobs/$next",
                        TestJobs.quoted("{'stepTimeoutInMinutes':0}"),
                        List.of()));
    }

    @Test
    void each_wrong_request_is_refused_as_invalid() {
        List<Sent> wrong = new ArrayList<>();
        for (Operation operation : test.operations()) {
            for (WrongRequest request : WrongRequest.of(operation)) {
                wrong.add(request.sent());
            }
        }
        Stream.of(documents(), parameters(), configurations(), updates())
                .flatMap(some -> some)
                .forEach(wrong::add);

        System.out.println("variants of requests for jobs: " + wrong.size());
        List<String> otherwise = new ArrayList<>();
        for (Sent sent : wrong) {
            Answer answer = ask(sent);
            if (answer.status() != 400 || !answer.error().equals("InvalidRequestException")) {
                otherwise.add(answer + " " + sent);
            }
        }
        assertThat(otherwise).isEmpty();
        assertThat(wrong).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";

        assertThat(test.operations()).isNotEmpty().allSatisfy((Operation operation) -> {
            test.asked.clear();
            // No wrong member: the policy is asked with what the request has.
            Answer answer = ask(new WrongRequest(operation, Member.path("none"), "right", List.of("")).sent());
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
            assertThat(answer.error()).as(operation.name()).isEqualTo("ForbiddenException");
            String name = operation.name();
            assertThat(test.asked.getFirst().action())
                    .isEqualTo(name.startsWith("Data") ? "iotjobsdata:" + name.substring(4) : "iot:" + name);
        });
    }
}
