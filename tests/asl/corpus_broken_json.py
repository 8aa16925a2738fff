"""Broken definitions in JSON, one fault each; corpus_cases tells the form."""

from __future__ import annotations

from asl.corpus_cases import cases

_TEXT = r"""
=== Catch on a Wait
"A": {"Type": "Wait", "Seconds": 1,
  "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],  # <-
  "Next": "B"},
"B": {"Type": "Succeed"}
=== ResultPath on a Succeed
"A": {"Type": "Succeed",
  "ResultPath": "$.x"}  # <-
=== End on a Succeed
"A": {"Type": "Succeed",
  "End": true}  # <-
=== Parameters on a Wait
"A": {"Type": "Wait", "Seconds": 1,
  "Parameters": {"x": 1},  # <-
  "End": true}
=== HeartbeatSeconds on a Parallel
"A": {"Type": "Parallel", "Branches": [{<inner>}],
  "HeartbeatSeconds": 5,  # <-
  "End": true}
=== Branches on a Task
"A": {<task>,
  "Branches": [],  # <-
  "End": true}
=== Assign on a Fail
"A": {"Type": "Fail",
  "Assign": {"x": 1}}  # <-
=== Choices that is a mapping
"A": {"Type": "Choice",
  "Choices": {"Variable": "$.x", "IsPresent": true, "Next": "B"},  # <-
  "Default": "B"},
"B": {"Type": "Succeed"}
=== a Resource that is a number
"A": {"Type": "Task", <retry>,
  "Resource": 5,  # <-
  "End": true}
=== states of a branch in a list
"A": {"Type": "Parallel",
  "Branches": [{"StartAt": "B",
    "States": []}],  # <-
  "End": true}
=== Retry that is a mapping
"A": {"Type": "Parallel", "Branches": [{<inner>}],
  "Retry": {"ErrorEquals": ["States.ALL"]},  # <-
  "End": true}
=== a Catcher that is a string
"A": {"Type": "Parallel", "Branches": [{<inner>}],
  "Catch": [
    "States.ALL"],  # <-
  "End": true}
=== Assign that is a list
"A": {"Type": "Pass",
  "Assign": ["x"],  # <-
  "End": true}
=== Next that is a list
"A": {<task>, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
  "Next": ["B"]},  # <-
"B": {"Type": "Succeed"}
=== OutputPath that is a number
"A": {"Type": "Pass",
  "OutputPath": 5,  # <-
  "End": true}
=== a state that is a string, inside a Map
"A": {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {
  "B": "Pass"}},  # <-
  "End": true}
=== both Cause and CausePath
"A": {"Type": "Fail", "Cause": "Broken", "CausePath": "$.cause"}  # <-
=== both HeartbeatSeconds and HeartbeatSecondsPath
"A": {<task>, "HeartbeatSeconds": 5, "HeartbeatSecondsPath": "$.s", "End": true}  # <-
=== both MaxConcurrency and MaxConcurrencyPath
"A": {"Type": "Map", <inline>, "MaxConcurrency": 5, "MaxConcurrencyPath": "$.n", "End": true}  # <-
=== both MaxItems and MaxItemsPath
"A": {"Type": "Map", <distributed>, "ItemReader": {
    "Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "orders"},
    "ReaderConfig": {"MaxItems": 5, "MaxItemsPath": "$.n"}},  # <-
  "End": true}
=== a Wait for three times, deep inside
"A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {
  "B": {"Type": "Map", "ItemProcessor": {"StartAt": "C", "States": {
  "C": {"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "TimestampPath": "$.t",  # <-
    "End": true}
  }}, "End": true}}}],
  "End": true}
=== TimeoutSeconds of three years and more
"A": {<task>,
  "TimeoutSeconds": 100000000,  # <-
  "End": true}
=== a heartbeat slower than the timeout
"A": {<task>, "TimeoutSeconds": 60, "HeartbeatSeconds": 61, "End": true}  # <-
=== IntervalSeconds below zero
"A": {"Type": "Parallel", "Branches": [{<inner>}], "Retry": [{"ErrorEquals": ["States.Timeout"],
    "IntervalSeconds": -1}],  # <-
  "End": true}
=== MaxDelaySeconds over a year
"A": {"Type": "Parallel", "Branches": [{<inner>}], "Retry": [{"ErrorEquals": ["States.Timeout"],
    "MaxDelaySeconds": 31622401}],  # <-
  "End": true}
=== MaxConcurrency below zero
"A": {"Type": "Map", <inline>,
  "MaxConcurrency": -1,  # <-
  "End": true}
=== a tolerated count below zero
"A": {"Type": "Map", <distributed>,
  "ToleratedFailureCount": -1,  # <-
  "End": true}
=== a label with a space
"A": {"Type": "Map", <distributed>,
  "Label": "all orders",  # <-
  "End": true}
=== a label used twice
"A": {"Type": "Map", "Label": "orders", "Next": "B", <distributed>},
"B": {"Type": "Map", "ItemProcessor": {"StartAt": "C", "States": {"C": {<pass>}},
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}},
  "Label": "orders",  # <-
  "End": true}
=== a timestamp in lower case
"A": {"Type": "Wait",
  "Timestamp": "2030-01-01t00:00:00z",  # <-
  "End": true}
=== a version to come | whole
{"StartAt": "A",
  "Version": "2.0",  # <-
  "States": {"A": {"Type": "Succeed"}}}
=== States.ALL beside another error
"A": {"Type": "Parallel", "Branches": [{<inner>}],
  "Retry": [{"ErrorEquals": ["States.Timeout", "States.ALL"]}],  # <-
  "End": true}
=== a retrier without ErrorEquals
"A": {"Type": "Parallel", "Branches": [{<inner>}],
  "Retry": [
    {"MaxAttempts": 3}],  # <-
  "End": true}
=== a Catcher that leads nowhere
"A": {"Type": "Parallel", "Branches": [{<inner>}], "Catch": [{"ErrorEquals": ["States.ALL"],
    "Next": "C"}],  # <-
  "Next": "B"},
"B": {"Type": "Succeed"}
=== a reserved error that does not exist | warning
"A": {"Type": "Parallel", "Branches": [{<inner>}], "Retry": [{
    "ErrorEquals": ["States.TimeOut"]}],  # <-
  "End": true}
=== a machine that never ends | whole
{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "A"}}}  # <-
=== two states that nothing but each other leads to
"A": {"Type": "Pass", "End": true},
"B": {"Type": "Choice", "Default": "B", "Choices": [  # <-
  {"Variable": "$.x", "IsNull": true, "Next": "B"}]}
=== Next leads into a branch
"A": {<task>, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
  "Next": "C"},  # <-
"B": {"Type": "Parallel", "Branches": [{"StartAt": "C", "States": {"C": {<pass>}}}], "End": true}
=== two branches with a state of the same name
"A": {"Type": "Parallel", "Branches": [
    {"StartAt": "B", "States": {"B": {<pass>}}},
    {"StartAt": "B", "States": {
      "B": {<pass>}}}],  # <-
  "End": true}
=== StartAt of a processor names no state
"A": {"Type": "Map", "ItemProcessor": {
    "StartAt": "C",  # <-
    "States": {"B": {<pass>}}},
  "End": true}
=== a branch without a state
"A": {"Type": "Parallel", "Branches": [{"StartAt": "B",
    "States": {}}],  # <-
  "End": true}
=== no branch in a Parallel
"A": {"Type": "Parallel",
  "Branches": [],  # <-
  "End": true}
=== a rule without Next
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.x", "IsPresent": true}]},  # <-
"B": {"Type": "Succeed"}
=== Next in a rule inside a rule
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Next": "B", "And": [
    {"Variable": "$.x", "IsPresent": true, "Next": "B"}]}]},  # <-
"B": {"Type": "Succeed"}
=== two comparisons in a rule
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.x", "IsPresent": true, "IsNull": false, "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== a rule that compares nothing
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.x", "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== a comparison that does not exist
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.x", "StringEqual": "y", "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== a number compared with a string
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$.x",
    "NumericEquals": "5",  # <-
    "Next": "B"}]},
"B": {"Type": "Succeed"}
=== a boolean compared with a string, inside Not
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Next": "B", "Not": {"Variable": "$.x",
    "BooleanEquals": "true"}}]},  # <-
"B": {"Type": "Succeed"}
=== a timestamp compared with a word
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$.x", "Next": "B",
    "TimestampLessThan": "tomorrow"}]},  # <-
"B": {"Type": "Succeed"}
=== IsPresent that is a string
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$.x", "Next": "B",
    "IsPresent": "yes"}]},  # <-
"B": {"Type": "Succeed"}
=== a comparison with a path that is none
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Variable": "$.x", "Next": "B",
    "StringEqualsPath": "other"}]},  # <-
"B": {"Type": "Succeed"}
=== a rule of no rules
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Next": "B",
    "Or": []}]},  # <-
"B": {"Type": "Succeed"}
=== a comparison of nothing
"A": {"Type": "Choice", "Default": "B", "Choices": [
    {"StringEquals": "x", "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== a Choice without Default | warning
"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== a rule without a condition | jsonata
"A": {"Type": "Choice", "Default": "B", "Choices": [
    {"Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== SecondsPath without a dollar
"A": {"Type": "Wait",
  "SecondsPath": "delay",  # <-
  "End": true}
=== a path with a lost quote
"A": {"Type": "Pass", "Parameters": {
    "x.$": "$['order"},  # <-
  "End": true}
=== a string that is not closed
"A": {"Type": "Pass", "Parameters": {
    "x.$": "States.Format('order {}, $.id)"},  # <-
  "End": true}
=== Format without a template
"A": {"Type": "Pass", "Parameters": {
    "x.$": "States.Format()"},  # <-
  "End": true}
=== ArrayGetItem of three
"A": {<task>, "ResultSelector": {
    "x.$": "States.ArrayGetItem($.a, 0, 1)"},  # <-
  "End": true}
=== Hash without an algorithm, inside another intrinsic
"A": {<task>, "Parameters": {"list": [{"deep": {
    "x.$": "States.Format('{}', States.Hash($.a))"}}]},  # <-
  "End": true}
=== the error outside a Catch | jsonata
"A": {<task>,
  "Output": "{% $states.errorOutput.Cause %}",  # <-
  "End": true}
=== JSONata that reads everything there is | jsonata
"A": {"Type": "Pass",
  "Output": "{% $$ %}",  # <-
  "End": true}
=== JSONata with a lost quote, deep inside | jsonata
"A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {
    "B": {"Type": "Pass", "Assign": {"list": [1, {
      "x": "{% 'order & $states.input.id %}"}]},  # <-
    "End": true}}}],
  "End": true}
=== a Task that calls a computed function | jsonata
"A": {"Type": "Task", <retry>,
  "Resource": "{% $states.input.function %}",  # <-
  "End": true}
=== InputPath under JSONata | jsonata
"A": {"Type": "Pass",
  "InputPath": "$.order",  # <-
  "End": true}
=== Result under JSONata | jsonata
"A": {"Type": "Pass",
  "Result": 5,  # <-
  "End": true}
=== TimeoutSecondsPath under JSONata
"A": {<task>, "QueryLanguage": "JSONata",
  "TimeoutSecondsPath": "$.s",  # <-
  "End": true}
=== ResultPath in a Catcher under JSONata | jsonata
"A": {<task>, "Next": "B", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B",
    "ResultPath": "$.error"}]},  # <-
"B": {"Type": "Succeed"}
=== Variable under JSONata | jsonata
"A": {"Type": "Choice", "Default": "B", "Choices": [
    {"Variable": "$.x", "Condition": "{% true %}", "Next": "B"}]},  # <-
"B": {"Type": "Succeed"}
=== Arguments under JSONPath
"A": {<task>,
  "Arguments": {"x": 1},  # <-
  "End": true}
=== Items under JSONPath
"A": {"Type": "Map", <inline>,
  "Items": [1, 2],  # <-
  "End": true}
=== Output in a Map of JSONata, whose states are JSONPath
"A": {"Type": "Map", "QueryLanguage": "JSONata", "ItemProcessor": {"StartAt": "B", "States": {
    "B": {"Type": "Pass",
      "Output": 5,  # <-
      "End": true}}},
  "End": true}
=== a variable with a dot
"A": {"Type": "Pass", "Assign": {
    "order.id": 5},  # <-
  "End": true}
=== a variable of 81 characters
"A": {"Type": "Pass", "Assign": {
    "x12345678901234567890123456789012345678901234567890123456789012345678901234567890": 5},  # <-
  "End": true}
=== ExecutionType of an inline Map
"A": {"Type": "Map", "ItemProcessor": {<inner>, "ProcessorConfig": {"Mode": "INLINE",
    "ExecutionType": "EXPRESS"}},  # <-
  "End": true}
=== a distributed Map without ExecutionType
"A": {"Type": "Map", "ItemProcessor": {<inner>,
    "ProcessorConfig": {"Mode": "DISTRIBUTED"}},  # <-
  "End": true}
=== a mode that does not exist
"A": {"Type": "Map", "ItemProcessor": {<inner>, "ProcessorConfig": {
    "Mode": "PARALLEL"}},  # <-
  "End": true}
=== an ItemReader of another service
"A": {"Type": "Map", <distributed>, "ItemReader": {"Parameters": {"TableName": "orders"},
    "Resource": "arn:aws:states:::dynamodb:scan"},  # <-
  "End": true}
=== CSV without a word on its headers
"A": {"Type": "Map", <distributed>, "ItemReader": {
    "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
    "ReaderConfig": {"InputType": "CSV"}},  # <-
  "End": true}
=== given headers that are not given
"A": {"Type": "Map", <distributed>, "ItemReader": {
    "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}},  # <-
  "End": true}
=== headers of JSON
"A": {"Type": "Map", <distributed>, "ItemReader": {
    "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
    "ReaderConfig": {"InputType": "JSON",
      "CSVHeaderLocation": "FIRST_ROW"}},  # <-
  "End": true}
=== a format that is not read
"A": {"Type": "Map", <distributed>, "ItemReader": {
    "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"},
    "ReaderConfig": {
      "InputType": "XML"}},  # <-
  "End": true}
=== an empty ResultWriter
"A": {"Type": "Map", <distributed>,
  "ResultWriter": {},  # <-
  "End": true}
=== a transformation that does not exist
"A": {"Type": "Map", <distributed>, "ResultWriter": {"WriterConfig": {"OutputType": "JSON",
    "Transformation": "FLAT"}},  # <-
  "End": true}
=== .sync in an EXPRESS machine | express
"A": {"Type": "Task", <retry>, "Parameters": {"JobName": "orders"},
  "Resource": "arn:aws:states:::glue:startJobRun.sync",  # <-
  "End": true}
=== a callback in an EXPRESS machine, deep inside | express
"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "B", "States": {
    "B": {"Type": "Task", <retry>,
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",  # <-
      "Parameters": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        "MessageBody": {"token.$": "$$.Task.Token"}},
      "End": true}}}}
=== an activity in an EXPRESS machine | express
"A": {"Type": "Task", <retry>,
  "Resource": "arn:aws:states:eu-west-1:123456789012:activity:orders",  # <-
  "End": true}
=== a distributed Map in an EXPRESS machine | express
"A": {"Type": "Map", "ItemProcessor": {<inner>, "ProcessorConfig": {"ExecutionType": "EXPRESS",
    "Mode": "DISTRIBUTED"}},  # <-
  "End": true}
=== .sync:2 in the EXPRESS executions of a Map
"A": {"Type": "Map", "End": true, "ItemProcessor": {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
    "StartAt": "B", "States": {"B": {"Type": "Task", <retry>,
      "Resource": "arn:aws:states:::states:startExecution.sync:2",  # <-
      "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:x"},
      "End": true}}}}
=== a Resource that is no ARN
"A": {"Type": "Task", <retry>,
  "Resource": "orders",  # <-
  "End": true}
=== a Task without Retry | warning
"A": {"Type": "Task",  # <-
  "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true}
=== a placeholder that nothing fills
"A": {<task>, "Parameters": {
    "table": "${Table}"},  # <-
  "End": true}
=== a field that stands twice
"A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass",
    "Comment": "one",
    "Comment": "two",  # <-
    "End": true}}}],
  "End": true}
=== a comma too many | whole
{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "End": true},
}}  # <-
=== JSONata that reads the item of nothing | jsonata
"A": {"Type": "Pass", "Output": {"deep": [
    "{% $.phone %}"]},  # <-
  "End": true}
=== JSONata that says nothing | jsonata
"A": {"Type": "Pass",
  "Output": "{% %}",  # <-
  "End": true}
=== a name at the top of a function | jsonata
"A": {"Type": "Pass",
  "Output": "{% $map($states.input.a, function($x) { phone & $x }) %}",  # <-
  "End": true}
=== a name at the top, after names that are fine | jsonata
"A": {"Type": "Choice", "Default": "B", "Choices": [{"Next": "B",
    "Condition": "{% $states.input.orders[price > 5].id = id %}"}]},  # <-
"B": {"Type": "Succeed"}
=== a variable that nobody sets | jsonata warning
"A": {"Type": "Pass", "Assign": {"order": 1}, "Next": "B"},
"B": {"Type": "Pass",
  "Output": "{% $ordr %}",  # <-
  "End": true}
=== Parameters of a ResultWriter under JSONata | jsonata
"A": {"Type": "Map", <distributed>, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
    "Arguments": {"Bucket": "b"},
    "Parameters": {"Bucket": "b"}},  # <-
  "End": true}
=== Arguments of an ItemReader under JSONPath
"A": {"Type": "Map", <distributed>, "ItemReader": {"Parameters": {"Bucket": "b"},
    "Resource": "arn:aws:states:::s3:listObjectsV2",
    "Arguments": {"Bucket": "b"}},  # <-
  "End": true}
"""

BROKEN_JSON = tuple(cases(_TEXT, ".json"))
