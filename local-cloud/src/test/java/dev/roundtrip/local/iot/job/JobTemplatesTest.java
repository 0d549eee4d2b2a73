package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.RequestAuthentication.Access;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Templates of the account, managed templates, and jobs that are made from both. */
class JobTemplatesTest {
    private static final String MANAGED = "arn:aws:iot:us-east-1::jobtemplate/";

    private final InMemoryTables tables = new InMemoryTables();
    private final TestJobs test = new TestJobs(tables);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private static String arn(String id) {
        return TestJobs.ARN + "jobtemplate/" + id;
    }

    private void template(String id, String rest) {
        var unused = test.ask("PUT", "/job-templates/" + id, "{'description':'Cleans'" + rest + "}")
                .ok();
    }

    private Answer job(String id, String rest) {
        return test.ask("PUT", "/jobs/" + id, "{'targets':['" + TestJobs.ARN + "thing/pump']" + rest + "}");
    }

    private String document(String job, String query) {
        return test.ask("GET", "/jobs/" + job + "/job-document" + query, "")
                .ok()
                .body()
                .path("document")
                .textValue();
    }

    @Test
    void template_is_described_as_it_was_made() throws Exception {
        template("t", ",'document':'{\\'a\\':1}','timeoutConfig':{'inProgressTimeoutInMinutes':7}");

        assertThat(test.ask("GET", "/job-templates/t", "").ok().body())
                .isEqualTo(TestJobs.json("{'jobTemplateArn':'" + arn("t")
                        + "','jobTemplateId':'t','description':'Cleans','createdAt':1000000.0,"
                        + "'document':'{\\'a\\':1}','timeoutConfig':{'inProgressTimeoutInMinutes':7}}"));
    }

    @Test
    void template_is_made_once_and_is_gone_when_it_is_deleted() {
        template("t", ",'document':'{}','tags':[{'Key':'k','Value':'v'}]");

        Answer again = test.ask("PUT", "/job-templates/t", "{'description':'d','document':'{}'}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.error()).isEqualTo("ConflictException");
        assertThat(test.ask("GET", "/tags?resourceArn=" + arn("t"), "")
                        .ok()
                        .body()
                        .path("tags"))
                .hasSize(1);
        var unused = test.ask("DELETE", "/job-templates/t", "").ok();
        assertThat(test.ask("GET", "/job-templates/t", "").error()).isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("DELETE", "/job-templates/t", "").error()).isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("GET", "/job-templates", "").ok().body().path("jobTemplates"))
                .isEmpty();
        template("t", ",'document':'{}'");
        assertThat(test.ask("GET", "/tags?resourceArn=" + arn("t"), "")
                        .ok()
                        .body()
                        .path("tags"))
                .isEmpty();
    }

    @Test
    void account_has_at_most_100_templates() {
        for (int i = 0; i < 100; i++) {
            template("t" + i, ",'document':'{}'");
        }

        Answer refused = test.ask("PUT", "/job-templates/more", "{'description':'d','document':'{}'}");

        assertThat(refused.status()).isEqualTo(410);
        assertThat(refused.error()).isEqualTo("LimitExceededException");
        JsonNode first =
                test.ask("GET", "/job-templates?maxResults=99", "").ok().body();
        assertThat(first.path("jobTemplates")).hasSize(99);
        String token = first.path("nextToken").textValue();
        assertThat(test.ask("GET", "/job-templates?maxResults=99&nextToken=" + token, "")
                        .ok()
                        .body()
                        .path("jobTemplates"))
                .hasSize(1);
    }

    @Test
    void job_of_a_template_has_what_the_request_does_not_say_otherwise() {
        template(
                "t",
                ",'document':'{\\'a\\':1}','timeoutConfig':{'inProgressTimeoutInMinutes':7},"
                        + "'jobExecutionsRetryConfig':{'criteriaList':[{'failureType':'FAILED','numberOfRetries':2}]}");

        var unused = job("j", ",'jobTemplateArn':'" + arn("t") + "'").ok();
        var unusedOther = job(
                        "other",
                        ",'jobTemplateArn':'" + arn("t")
                                + "','description':'Mine','timeoutConfig':{'inProgressTimeoutInMinutes':9}")
                .ok();

        JsonNode job = test.job("j");
        assertThat(job.path("description").textValue()).isEqualTo("Cleans");
        assertThat(job.path("jobTemplateArn").textValue()).isEqualTo(arn("t"));
        assertThat(job.at("/timeoutConfig/inProgressTimeoutInMinutes").intValue())
                .isEqualTo(7);
        assertThat(document("j", "")).isEqualTo("{\"a\":1}");
        JsonNode other = test.job("other");
        assertThat(other.path("description").textValue()).isEqualTo("Mine");
        assertThat(other.at("/timeoutConfig/inProgressTimeoutInMinutes").intValue())
                .isEqualTo(9);
        assertThat(other.at("/jobExecutionsRetryConfig/criteriaList/0/numberOfRetries")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void template_has_a_roll_out_and_windows_for_continuous_jobs() throws IOException {
        template(
                "t",
                ",'document':'{}','jobExecutionsRolloutConfig':{'maximumPerMinute':5},'abortConfig':{'criteriaList':["
                        + "{'failureType':'FAILED','action':'CANCEL','thresholdPercentage':50,"
                        + "'minNumberOfExecutedThings':2}]},"
                        + "'maintenanceWindows':[{'startTime':'cron(0 0 * * ? *)','durationInMinutes':60}]");

        JsonNode template = test.ask("GET", "/job-templates/t", "").ok().body();
        assertThat(template.at("/jobExecutionsRolloutConfig/maximumPerMinute").intValue())
                .isEqualTo(5);
        assertThat(template.path("maintenanceWindows"))
                .isEqualTo(TestJobs.json("[{'startTime':'cron(0 0 * * ? *)','durationInMinutes':60}]"));
        assertThat(template.has("schedulingConfig")).isFalse();
        assertThat(job("j", ",'jobTemplateArn':'" + arn("t") + "'").error()).isEqualTo("InvalidRequestException");
        var unused = job("j", ",'jobTemplateArn':'" + arn("t") + "','targetSelection':'CONTINUOUS'")
                .ok();
        template("u", ",'jobArn':'" + TestJobs.ARN + "job/j'");
        assertThat(test.ask("GET", "/job-templates/u", "").ok().body().path("maintenanceWindows"))
                .hasSize(1);
    }

    @Test
    void job_stays_as_it_is_when_its_template_is_deleted() {
        template("t", ",'document':'{\\'a\\':1}'");
        var unused = job("j", ",'jobTemplateArn':'" + arn("t") + "'").ok();

        var unusedDeletion = test.ask("DELETE", "/job-templates/t", "").ok();

        assertThat(document("j", "")).isEqualTo("{\"a\":1}");
        assertThat(job("k", ",'jobTemplateArn':'" + arn("t") + "'").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void template_of_a_job_has_its_document_and_configuration() {
        var unused = job("j", ",'document':'{\\'a\\':1}','timeoutConfig':{'inProgressTimeoutInMinutes':7}")
                .ok();

        template("t", ",'jobArn':'" + TestJobs.ARN + "job/j'");

        JsonNode template = test.ask("GET", "/job-templates/t", "").ok().body();
        assertThat(template.path("document").textValue()).isEqualTo("{\"a\":1}");
        assertThat(template.at("/timeoutConfig/inProgressTimeoutInMinutes").intValue())
                .isEqualTo(7);
        assertThat(test.ask("PUT", "/job-templates/u", "{'description':'d','jobArn':'" + TestJobs.ARN + "job/none'}")
                        .error())
                .isEqualTo("ResourceNotFoundException");
    }

    @Test
    void managed_templates_are_listed_in_pages() {
        JsonNode all = test.ask("GET", "/managed-job-templates", "").ok().body();
        assertThat(all.path("managedJobTemplates").findValuesAsText("templateName"))
                .containsExactly(
                        "AWS-Download-File",
                        "AWS-Install-Application",
                        "AWS-Reboot",
                        "AWS-Remove-Application",
                        "AWS-Restart-Application",
                        "AWS-Run-Command",
                        "AWS-Start-Application",
                        "AWS-Stop-Application");

        JsonNode first =
                test.ask("GET", "/managed-job-templates?maxResults=5", "").ok().body();
        String token = first.path("nextToken").textValue();
        JsonNode rest = test.ask("GET", "/managed-job-templates?maxResults=5&nextToken=" + token, "")
                .ok()
                .body();
        assertThat(rest.path("managedJobTemplates").findValuesAsText("templateName"))
                .hasSize(3);
        assertThat(rest.has("nextToken")).isFalse();
        assertThat(test.ask("GET", "/managed-job-templates?templateName=AWS-Reboot", "")
                        .ok()
                        .body()
                        .at("/managedJobTemplates/0/templateArn")
                        .textValue())
                .isEqualTo(MANAGED + "AWS-Reboot:1.0");
        assertThat(test.ask("GET", "/managed-job-templates?templateName=none", "")
                        .error())
                .isEqualTo("ResourceNotFoundException");
    }

    /** As the developer guide shows it. */
    @Test
    void managed_template_is_described_as_aws_does() throws Exception {
        JsonNode template = test.ask("GET", "/managed-job-templates/AWS-Download-File?templateVersion=1.0", "")
                .ok()
                .body();

        assertThat(template.path("environments")).isEqualTo(TestJobs.json("['LINUX']"));
        assertThat(template.path("description").textValue())
                .isEqualTo("A managed job template for downloading a file.");
        assertThat(template.at("/documentParameters/0"))
                .isEqualTo(TestJobs.json("{'key':'downloadUrl','description':'URL of file to download.',"
                        + "'regex':'(.*?)','example':'http://www.example.com/index.html','optional':false}"));
        assertThat(template.path("documentParameters").findValuesAsText("key"))
                .containsExactly("downloadUrl", "filePath", "runAsUser", "pathToHandler");
        assertThat(template.path("document").textValue())
                .isEqualTo(TestJobs.quoted("{'version':'1.0','steps':[{'action':{'name':'Download-File',"
                        + "'type':'runHandler','input':{'handler':'download-file.sh','args':["
                        + "'${aws:iot:parameter:downloadUrl}','${aws:iot:parameter:filePath}'],"
                        + "'path':'${aws:iot:parameter:pathToHandler}'},"
                        + "'runAsUser':'${aws:iot:parameter:runAsUser}'}}]}"));
        assertThat(test.ask("GET", "/managed-job-templates/AWS-Reboot?templateVersion=2.0", "")
                        .error())
                .isEqualTo("ResourceNotFoundException");
        assertThat(test.ask("GET", "/managed-job-templates/none", "").error()).isEqualTo("ResourceNotFoundException");
    }

    @Test
    void parameters_stand_in_the_document_as_text() throws Exception {
        var unused = job(
                        "j",
                        ",'jobTemplateArn':'" + MANAGED + "AWS-Install-Application:1.0','documentParameters':"
                                + "{'packages':'a \\\\\\'b\\\\\\' ${aws:iot:parameter:runAsUser} $1',"
                                + "'runAsUser':'root'}")
                .ok();

        JsonNode document = TestJobs.json(document("j", ""));

        assertThat(document.at("/steps/0/action/input/args/0").textValue())
                .isEqualTo("a \\\"b\\\" ${aws:iot:parameter:runAsUser} $1");
        assertThat(document.at("/steps/0/action/runAsUser").textValue()).isEqualTo("root");
        assertThat(document.at("/steps/0/action/input/path").textValue()).isEmpty();
        assertThat(document("j", "?beforeSubstitution=true")).contains("${aws:iot:parameter:packages}");
        JsonNode job = test.job("j");
        assertThat(job.path("jobTemplateArn").textValue()).isEqualTo(MANAGED + "AWS-Install-Application:1.0");
        assertThat(job.at("/documentParameters/runAsUser").textValue()).isEqualTo("root");
    }

    @Test
    void parameter_in_a_document_of_ones_own_stays_as_it_is() {
        var unused =
                job("j", ",'document':'{\\'a\\':\\'${aws:iot:parameter:x}\\'}'").ok();

        assertThat(document("j", "")).isEqualTo("{\"a\":\"${aws:iot:parameter:x}\"}");
    }

    @Test
    void policy_is_asked_for_the_job_each_target_and_the_template() {
        template("t", ",'document':'{}'");
        String both = "{'targets':['" + TestJobs.ARN + "thing/pump','" + TestJobs.ARN + "thing/valve'],"
                + "'jobTemplateArn':'" + arn("t") + "'}";
        test.asked.clear();

        var unused = test.ask("PUT", "/jobs/j", both).ok();

        List<String> asked = test.asked.stream().map(Access::resource).toList();
        assertThat(asked).containsExactly("job/j", TestJobs.ARN + "thing/pump", TestJobs.ARN + "thing/valve", arn("t"));
        assertThat(test.asked).extracting(Access::action).containsOnly("iot:CreateJob");
        for (String resource : asked) {
            test.deniedResource = resource;
            assertThat(test.ask("PUT", "/jobs/j", both).status()).as(resource).isEqualTo(403);
        }
    }

    @Test
    void target_that_no_policy_allows_is_not_told_to_exist() {
        test.deniedResource = TestJobs.ARN + "thing/none";

        Answer refused = test.ask("PUT", "/jobs/j", "{'targets':['" + TestJobs.ARN + "thing/none'],'document':'{}'}");

        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void whoever_may_not_tag_makes_no_job_or_template_with_tags() {
        test.denied = "iot:TagResource";

        assertThat(job("j", ",'document':'{}','tags':[{'Key':'k','Value':'v'}]").status())
                .isEqualTo(403);
        assertThat(test.ask("PUT", "/job-templates/t", "{'description':'d','document':'{}','tags':[{'Key':'k'}]}")
                        .status())
                .isEqualTo(403);
        var unused = job("j", ",'document':'{}'").ok();
    }

    @Test
    void template_survives_a_restart() throws IOException {
        template("t", ",'document':'{}'");
        try (TestJobs again = new TestJobs(tables)) {
            assertThat(again.ask("GET", "/job-templates/t", "")
                            .ok()
                            .body()
                            .path("document")
                            .textValue())
                    .isEqualTo("{}");
        }
    }
}
