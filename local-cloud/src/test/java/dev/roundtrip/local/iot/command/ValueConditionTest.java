package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.http.operation.Refusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which values satisfy which conditions. */
class ValueConditionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # operator           | operand                                    | yes         | no
                    EQUALS               | {'number':'5'}                             | {'I':5}     | {'I':6}
                    EQUALS               | {'number':'5.0'}                           | {'L':5}     | {'L':4}
                    NOT_EQUALS           | {'number':'5'}                             | {'D':5.1}   | {'D':5.0}
                    LESS_THAN            | {'number':'5'}                             | {'I':4}     | {'I':5}
                    LESS_THAN_EQUALS     | {'number':'5'}                             | {'I':5}     | {'I':6}
                    GREATER_THAN         | {'number':'-5'}                            | {'I':-4}    | {'I':-5}
                    GREATER_THAN_EQUALS  | {'number':'18446744073709551615'} | {'UL':'18446744073709551615'} | {'UL':'7'}
                    IN_SET               | {'numbers':['1','2']}                      | {'I':2}     | {'I':3}
                    NOT_IN_SET           | {'numbers':['1','2']}                      | {'I':3}     | {'I':1}
                    IN_RANGE             | {'numberRange':{'min':'1','max':'3'}}      | {'I':1}     | {'I':0}
                    IN_RANGE             | {'numberRange':{'min':'1','max':'3'}}      | {'D':3.0}   | {'D':3.01}
                    NOT_IN_RANGE         | {'numberRange':{'min':'1','max':'3'}}      | {'I':4}     | {'I':3}
                    EQUALS               | {'string':'on'}                            | {'S':'on'}  | {'S':'On'}
                    NOT_EQUALS           | {'string':'on'}                            | {'S':'off'} | {'S':'on'}
                    IN_SET               | {'strings':['on','off']}                   | {'S':'off'} | {'S':'x'}
                    NOT_IN_SET           | {'strings':['on','off']}                   | {'S':'x'}   | {'S':'on'}
                    """)
    void operator_takes_one_value_and_not_another(String operator, String operand, String yes, String no)
            throws Exception {
        ValueCondition condition = condition(operator, operand);

        assertThat(condition.isMetBy(value(yes))).isTrue();
        assertThat(condition.isMetBy(value(no))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    LESS_THAN | {'string':'5'}                    | STRING
                    IN_RANGE  | {'numberRange':{'min':'1','max':'2'}} | STRING
                    EQUALS    | {'number':'5'}                    | STRING
                    EQUALS    | {'string':'5'}                    | INTEGER
                    EQUALS    | {'number':'five'}                 | INTEGER
                    EQUALS    | {'number':'1e9999999'}            | DOUBLE
                    IN_RANGE  | {'numberRange':{'min':'3','max':'1'}} | INTEGER
                    EQUALS    | {'string':'true'}                 | BOOLEAN
                    EQUALS    | {'string':'AA=='}                 | BINARY
                    """)
    void values_of_a_type_are_compared_only_as_the_table_says(String operator, String operand, ParameterType type)
            throws Exception {
        ValueCondition condition = condition(operator, operand);

        assertThatThrownBy(() -> condition.demandFor(type)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'number':5}",
                "{'number':'5','string':'5'}",
                "{'numbers':[]}",
                "{'numbers':['0','1','2','3','4','5','6','7','8','9','10']}",
                "{'numberRange':{'min':'1'}}"
            })
    void operand_is_exactly_one_of_five(String operand) {
        assertThatThrownBy(() -> condition("EQUALS", operand)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'S':''}",
                "{'I':2147483648}",
                "{'I':1.5}",
                "{'L':'1'}",
                "{'UL':18}",
                "{'UL':'18446744073709551616'}",
                "{'UL':'-1'}",
                "{'D':'NaN'}",
                "{'B':'true'}",
                "{'BIN':'%'}",
                "{'S':'a','B':true}",
                "{'X':1}",
                "[]"
            })
    void value_fits_its_member(String value) {
        assertThatThrownBy(() -> value(value)).isInstanceOf(Refusal.class);
    }

    private static ValueCondition condition(String operator, String operand) throws Exception {
        return ValueCondition.read(
                TestCommands.json("{'comparisonOperator':'" + operator + "','operand':" + operand + "}"));
    }

    private static ParameterValue value(String json) throws Exception {
        return ParameterValue.read("p", TestCommands.json(json));
    }
}
