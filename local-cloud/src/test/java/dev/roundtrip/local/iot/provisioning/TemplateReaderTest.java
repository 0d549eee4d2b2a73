package dev.roundtrip.local.iot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.provisioning.TemplateReader.Use;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates: what is refused before anybody uses them, and what their functions give. */
class TemplateReaderTest {
    private static final String CERTIFICATE =
            "'certificate':{'Type':'AWS::IoT::Certificate','Properties':{'CertificateId':{'Ref':'AWS::IoT::Certificate::Id'}}}";

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    [                                                            | no JSON
                    []                                                           | must be a JSON object
                    {'Resources':{},'Resources':{}}                              | has a member twice
                    {}                                                           | Resources must be an object
                    {'Resources':{}}                                             | with a member
                    {'Outputs':{},'Resources':{C}}                               | Outputs
                    {'Parameters':[],'Resources':{C}}                            | Parameters must be an object
                    {'Parameters':{'A':{'Type':'Number'}},'Resources':{C}}       | must have the Type String
                    {'Parameters':{'A':{'Type':'String','Default':1}},'Resources':{C}} | a string for Default
                    {'Mappings':{'A':{'B':{'C':{}}}},'Resources':{C}}            | a value of Mappings
                    {'Mappings':{'A':{'B':{'C':[{'Ref':'A'}]}}},'Resources':{C}} | a value of Mappings
                    {'Mappings':{'M':{'a':{'l':[{'Fn::Select':[0,{'Fn::FindInMap':['M','a','l']}]}]}}},'Resources':{C}} | a value of Mappings
                    {'Resources':{'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x'}}}} | AWS::IoT::Certificate
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Topic','Properties':{}}}} | .Type must be
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing'}}}             | Properties must be an object
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{}}}} | ThingName must be a string
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x','BillingGroup':'b'}}}} | BillingGroup
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x','Color':'b'}}}} | Color
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x','ThingGroups':'g'}}}} | must be a list
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x'},'OverrideSettings':{'ThingTypeName':'MERGE'}}}} | ThingTypeName must be one of
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Ref':'A'}}}}} | does not have: A
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Fn::Upper':'A'}}}}} | no function
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Fn::Join':['']}}}}} | takes a list of 2
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Fn::Sub':'${A}'}}}}} | does not have: A
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':{'Fn::FindInMap':['A','b','c']}}}}} | does not have: A
                    {'Resources':{C,'t':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x'}},'u':{'Type':'AWS::IoT::Thing','Properties':{'ThingName':'x'}}}} | both t and u
                    {'Resources':{'c':{'Type':'AWS::IoT::Certificate','Properties':{}}}} | one of CertificateId
                    {'Resources':{'c':{'Type':'AWS::IoT::Certificate','Properties':{'CertificateSigningRequest':'x'}}}} | must have CertificateId
                    {'Resources':{'c':{'Type':'AWS::IoT::Certificate','Properties':{'CertificatePem':'x'}}}} | certificate authorities
                    {'Resources':{C,'p':{'Type':'AWS::IoT::Policy','Properties':{'PolicyName':'x','PolicyDocument':'{}'}}}} | one of PolicyName
                    {'Resources':{C,'p':{'Type':'AWS::IoT::Policy','Properties':{'PolicyName':{'Fn::Join':['',[]]}}}}} | not supported for policies
                    {'Resources':{C,'p':{'Type':'AWS::IoT::Policy','Properties':{'PolicyName':'x'},'OverrideSettings':{'a':'FAIL'}}}} | a policy has none
                    {'Resources':{C},'DeviceConfiguration':{'a':{'b':'c','d':'e'}}} | DeviceConfiguration.a
                    """)
    void wrong_template_is_refused_with_its_place(String template, String why) {
        String body = quoted(template.replace("{C", "{" + CERTIFICATE).replace(",C", "," + CERTIFICATE));

        assertThatThrownBy(() -> TemplateReader.read(body, Use.FLEET))
                .isInstanceOf(ProvisioningRefusal.class)
                .hasMessageContaining(why);
    }

    private static String evaluated(String expression, Map<String, String> parameters) throws ProvisioningRefusal {
        String template = "{'Parameters':{'A':{'Type':'String','Default':'a'},'B':{'Type':'String','Default':'b,c'}},"
                + "'Mappings':{'M':{'a':{'x':'found','l':['1','2']}}},'Resources':{" + CERTIFICATE
                + "},'DeviceConfiguration':{'value':" + expression + "}}";
        Map<String, String> all = new HashMap<>(parameters);
        all.put("AWS::IoT::Certificate::Id", "0");
        return Resolution.of(TemplateReader.read(quoted(template), Use.FLEET), all)
                .configuration()
                .getOrDefault("value", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    'text'                                                         | text
                    7                                                              | 7
                    {'Ref':'A'}                                                    | a
                    {'Fn::Join':['-',['x',{'Ref':'A'},'y']]}                       | x-a-y
                    {'Fn::Join':['',{'Fn::Split':[',',{'Ref':'B'}]}]}              | bc
                    {'Fn::Select':['1',{'Fn::Split':[',',{'Ref':'B'}]}]}           | c
                    {'Fn::Select':[0,['x',{'Ref':'A'}]]}                           | x
                    {'Fn::FindInMap':['M',{'Ref':'A'},'x']}                        | found
                    {'Fn::Select':['1',{'Fn::FindInMap':['M','a','l']}]}           | 2
                    {'Fn::Sub':'<${A}>${!A}'}                                      | <a>${A}
                    {'Fn::Sub':['${A}${V}',{'V':{'Fn::Join':['',['v',{'Ref':'A'}]]}}]} | ava
                    """)
    void function_gives_its_value(String expression, String value) throws ProvisioningRefusal {
        assertThat(evaluated(expression, Map.of())).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {'Fn::Select':['9',['x']]}                   | does not have
                    {'Fn::Select':['x',['x']]}                   | does not have
                    {'Fn::FindInMap':['M','b','x']}              | does not have
                    {'Fn::FindInMap':['M','a','l']}              | finds no string
                    {'Fn::Join':['',{'Fn::FindInMap':['M','a','x']}]} | no list
                    {'Ref':'AWS::IoT::Certificate::Country'}     | is missing
                    """)
    void function_that_has_no_value_is_refused(String expression, String why) {
        assertThatThrownBy(() -> evaluated(expression, Map.of()))
                .isInstanceOf(ProvisioningRefusal.class)
                .hasMessageContaining(why);
    }

    @Test
    void long_values_are_refused_before_they_fill_the_memory() {
        String parts = "${A}".repeat(2_000);

        assertThatThrownBy(() -> evaluated("{'Fn::Sub':'" + parts + "'}", Map.of("A", "x".repeat(4_096))))
                .isInstanceOf(ProvisioningRefusal.class)
                .hasMessageContaining("longer than");
        String commas = ",".repeat(4_000);
        assertThatThrownBy(() -> evaluated(
                        "{'Fn::Join':['" + "y".repeat(2_000) + "',{'Fn::Split':[',',{'Ref':'B'}]}]}",
                        Map.of("B", commas)))
                .isInstanceOf(ProvisioningRefusal.class)
                .hasMessageContaining("longer than");
    }
}
