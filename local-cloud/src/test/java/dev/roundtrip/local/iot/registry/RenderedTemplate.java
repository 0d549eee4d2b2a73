package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A CloudFormation template with its parameters filled in, as far as policies need that. */
final class RenderedTemplate {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

    private final Map<?, ?> template;
    private final Map<String, String> parameters;

    /** A short form such as {@code !Sub}. */
    private record Function(String name, Object argument) {}

    /** What a list or a map leaves out. */
    private enum Nothing {
        NO_VALUE
    }

    private static final class Functions extends SafeConstructor {
        Functions() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    Object argument = switch (node) {
                        case ScalarNode scalar -> scalar.getValue();
                        case SequenceNode sequence -> constructSequence(sequence);
                        case MappingNode mapping -> constructMapping(mapping);
                        default -> throw new IllegalArgumentException("no such node in a template: " + node);
                    };
                    return new Function(node.getTag().getValue().substring(1), argument);
                }
            });
        }
    }

    /** @param parameters those of the template, and the pseudo parameters */
    RenderedTemplate(Path file, Map<String, String> parameters) throws IOException {
        try (Reader text = Files.newBufferedReader(file)) {
            this.template = new Yaml(new Functions()).load(text);
        }
        this.parameters = Map.copyOf(parameters);
    }

    /** A resource's properties. */
    JsonNode properties(String resource) {
        Map<?, ?> found =
                (Map<?, ?>) Objects.requireNonNull(section("Resources").get(resource));
        return Json.mapper().valueToTree(render(Objects.requireNonNull(found.get("Properties"))));
    }

    private Map<?, ?> section(String name) {
        return (Map<?, ?>) Objects.requireNonNull(template.get(name));
    }

    private Object render(Object value) {
        return switch (value) {
            case Function function -> call(function);
            case Map<?, ?> map -> {
                Map<String, Object> rendered = new LinkedHashMap<>();
                map.forEach((name, member) -> {
                    Object it = render(member);
                    if (it != Nothing.NO_VALUE) {
                        rendered.put(name.toString(), it);
                    }
                });
                yield rendered;
            }
            case List<?> list -> {
                List<Object> rendered = new ArrayList<>();
                for (Object element : list) {
                    Object it = render(element);
                    if (it != Nothing.NO_VALUE) {
                        rendered.add(it);
                    }
                }
                yield rendered;
            }
            default -> value;
        };
    }

    private Object call(Function function) {
        return switch (function.name()) {
            case "Ref" ->
                function.argument().equals("AWS::NoValue") ? Nothing.NO_VALUE : parameter(text(function.argument()));
            case "Sub" -> substitute(text(function.argument()));
            case "GetAtt" -> text(function.argument());
            case "If" -> {
                List<?> branches = (List<?>) function.argument();
                yield render(branches.get(holds(new Function("Condition", branches.getFirst())) ? 1 : 2));
            }
            default -> throw new IllegalArgumentException("!" + function.name() + " is not known here");
        };
    }

    private String substitute(String text) {
        return REFERENCE.matcher(text).replaceAll(reference -> {
            String name = reference.group(1);
            // What begins with an exclamation mark is left for the policy.
            String value = name.startsWith("!") ? "${" + name.substring(1) + "}" : parameter(name);
            return java.util.regex.Matcher.quoteReplacement(value);
        });
    }

    private String parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).orElse("(" + name + ")");
    }

    private static String text(Object value) {
        return value.toString();
    }

    private boolean holds(Function condition) {
        return switch (condition.name()) {
            case "Condition" ->
                holds((Function) Objects.requireNonNull(section("Conditions").get(condition.argument())));
            case "Equals" -> {
                List<?> sides = (List<?>) condition.argument();
                yield render(sides.getFirst()).equals(render(sides.getLast()));
            }
            case "Not" -> !parts(condition).getFirst();
            case "And" -> !parts(condition).contains(false);
            case "Or" -> parts(condition).contains(true);
            default -> throw new IllegalArgumentException("!" + condition.name() + " is no condition");
        };
    }

    private List<Boolean> parts(Function condition) {
        return ((List<?>) condition.argument())
                .stream().map(part -> holds((Function) part)).toList();
    }
}
