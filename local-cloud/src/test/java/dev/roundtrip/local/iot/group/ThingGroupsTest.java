package dev.roundtrip.local.iot.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Attachments;
import dev.roundtrip.local.iot.registry.PolicyRegistry;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThingGroupsTest {
    private static final Page ALL = new Page("", 100);
    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":"
            + "[{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"*\"}]}";

    private final InMemoryTables tables = new InMemoryTables();
    private final Registry registry = new Registry(tables, new Account("us-east-1"), InstantSource.system());
    private final ThingGroups groups = new ThingGroups(tables, registry);

    @BeforeEach
    void make() throws Exception {
        for (String name : List.of("red", "blue")) {
            var unused = groups.create(new ThingGroup(name, "id-" + name, "", "", Map.of(), 1, 0), Map.of());
        }
        var unused = new ThingRegistry(registry).create("pump", "", Map.of());
    }

    private List<String> groupsOfPump() throws Refusal {
        return groups.groupsOf("pump", ALL).entries();
    }

    @Test
    void thing_changes_its_groups_in_one_step() throws Exception {
        groups.change("pump", List.of("red"), List.of());

        groups.change("pump", List.of("blue"), List.of("red"));

        assertThat(groupsOfPump()).containsExactly("blue");
    }

    @Test
    void change_of_groups_of_which_one_is_not_there_changes_nothing() throws Exception {
        groups.change("pump", List.of("red"), List.of());

        assertThatThrownBy(() -> groups.change("pump", List.of("blue", "none"), List.of("red")))
                .isInstanceOf(Refusal.class);

        assertThat(groupsOfPump()).containsExactly("red");
    }

    @Test
    void group_that_is_deleted_leaves_no_attachment_to_a_later_one_of_its_name() throws Exception {
        Attachments attachments = new Attachments(registry);
        var unused = new PolicyRegistry(registry).create("p", POLICY);
        attachments.attachPolicy("p", groups.arn("red"));
        groups.change("pump", List.of("red"), List.of());

        groups.delete("red", null);

        assertThat(groupsOfPump()).isEmpty();
        assertThat(attachments.targets("p", ALL).entries()).isEmpty();
        var again = groups.create(new ThingGroup("red", "other", "", "", Map.of(), 1, 0), Map.of());
        assertThat(attachments.policies(groups.arn(again.name()), ALL).entries())
                .isEmpty();
    }

    @Test
    void pages_of_things_and_groups_go_on_where_the_one_before_ended() throws Exception {
        ThingRegistry things = new ThingRegistry(registry);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            var unused = things.create(name, "", Map.of());
            groups.change(name, List.of("red"), List.of());
            var unusedGroup = groups.create(new ThingGroup("g" + name, "id", "", "", Map.of(), 1, 0), Map.of());
        }
        things.delete("b", null);
        things.delete("c", null);

        assertThat(pages(page -> groups.things("red", false, page))).containsExactly("a d", "e");
        assertThat(pages(page -> groups.things("red", true, page))).containsExactly("a d", "e");
        assertThat(pages(page -> groups.list("g", true, page))).containsExactly("ga gb", "gc gd", "ge");
        assertThat(pages(page -> groups.list("", false, page))).containsExactly("blue ga", "gb gc", "gd ge", "red");
    }

    private interface Pages {
        Listed<String> of(Page page) throws Refusal;
    }

    private static List<String> pages(Pages pages) throws Refusal {
        List<String> read = new ArrayList<>();
        String after = "";
        do {
            Listed<String> page = pages.of(new Page(after, 2));
            read.add(String.join(" ", page.entries()));
            after = page.next();
        } while (!after.isEmpty());
        return read;
    }

    @Test
    void tags_of_a_resource_are_the_same_in_another_region() throws Exception {
        Map<String, String> tags = Map.of("k", "v");
        String here = "arn:aws:iot:us-east-1:000000000000:thinggroup/red";
        String there = here.replace("us-east-1", "eu-central-1");
        int most = 50;
        for (int i = 0; i < most; i++) {
            String key = "k" + i;
            boolean unused = tables.<Boolean, Refusal>write(rows -> {
                Tags.put(rows, here, Map.of(key, "v"));
                return true;
            });
        }

        assertThatThrownBy(() -> tables.<Boolean, Refusal>write(rows -> {
                    Tags.put(rows, there, tags);
                    return true;
                }))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("at most 50 tags");
    }
}
