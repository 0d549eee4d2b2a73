package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.iot.job.ManagedTemplate.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The managed templates, in the order of their names.
 *
 * <p>Source: AWS IoT developer guide, "Use AWS managed templates to deploy common remote operations" and "Create a job
 * from AWS managed templates by using the AWS CLI", 2026. The guide shows the descriptions of six templates, and those
 * of the parameters of one; the others are in our words.
 */
final class ManagedTemplates {
    private static final Pattern ANY = Pattern.compile("(.*?)");

    private static final Parameter URL =
            required("downloadUrl", "URL of file to download.", "http://www.example.com/index.html");
    private static final Parameter FILE =
            required("filePath", "Path on the device where downloaded file is written.", "/path/to/file");
    private static final Parameter PACKAGES =
            required("packages", "Space-separated list of one or more applications.", "application1 application2");
    private static final Parameter SERVICES =
            required("services", "Space-separated list of one or more services.", "service1 service2");
    private static final Parameter COMMAND = required(
            "command",
            "Comma-separated command and its arguments. A comma within one of them must be escaped.",
            "ls,-l,/tmp");
    private static final Parameter USER = new Parameter(
            "runAsUser",
            "Execute handler as another user. If not specified, then handler is executed as the same user as device"
                    + " client.",
            Pattern.compile("(.){0,256}"),
            "user1",
            true);
    private static final Parameter PATH = new Parameter(
            "pathToHandler",
            "Path to handler on the device. If not specified, then device client will use the current working"
                    + " directory.",
            Pattern.compile("(.){0,4096}"),
            "/path/to/handler/script",
            true);

    private static final List<ManagedTemplate> ALL = List.of(
            handler("Download-File", "downloading a file", "download-file.sh", URL, FILE),
            handler("Install-Application", "installing one or more applications", "install-packages.sh", PACKAGES),
            handler("Reboot", "rebooting the device", "reboot.sh"),
            handler("Remove-Application", "uninstalling one or more applications", "remove-packages.sh", PACKAGES),
            handler("Restart-Application", "restarting one or more system services", "restart-services.sh", SERVICES),
            command(),
            handler("Start-Application", "starting one or more system services", "start-services.sh", SERVICES),
            handler("Stop-Application", "stopping one or more system services", "stop-services.sh", SERVICES));

    private ManagedTemplates() {}

    static List<ManagedTemplate> all() {
        return ALL;
    }

    static Optional<ManagedTemplate> named(String name) {
        return ALL.stream().filter(template -> template.name().equals(name)).findFirst();
    }

    /** @param region of the account */
    static Optional<ManagedTemplate> of(String arn, String region) {
        return ALL.stream().filter(template -> template.arn(region).equals(arn)).findFirst();
    }

    private static Parameter required(String key, String description, String example) {
        return new Parameter(key, description, ANY, example, false);
    }

    private static ManagedTemplate handler(String action, String what, String handler, Parameter... own) {
        ObjectNode input = RestJson.MAPPER.createObjectNode().put("handler", handler);
        if (own.length > 0) {
            ArrayNode arguments = input.putArray("args");
            for (Parameter parameter : own) {
                arguments.add(Placeholder.ofParameter(parameter.key()));
            }
        }
        input.put("path", Placeholder.ofParameter(PATH.key()));
        List<Parameter> parameters = new ArrayList<>(List.of(own));
        parameters.addAll(List.of(USER, PATH));
        return template(action, what, "runHandler", input, parameters);
    }

    private static ManagedTemplate command() {
        ObjectNode input = RestJson.MAPPER.createObjectNode().put("command", Placeholder.ofParameter(COMMAND.key()));
        return template("Run-Command", "running a command", "runCommand", input, List.of(COMMAND, USER));
    }

    private static ManagedTemplate template(
            String action, String what, String type, ObjectNode input, List<Parameter> parameters) {
        ObjectNode document = RestJson.MAPPER.createObjectNode().put("version", "1.0");
        ObjectNode step = document.putArray("steps").addObject().putObject("action");
        step.put("name", action).put("type", type).set("input", input);
        step.put("runAsUser", Placeholder.ofParameter(USER.key()));
        return new ManagedTemplate(
                "AWS-" + action, "A managed job template for " + what + ".", parameters, document.toString());
    }
}
