from __future__ import annotations

import copy
import json
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from effort import calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_s3_cli.asl.language.fields import FIELDS, GROUPS, ROWS, STATE_TYPES
from sfn_s3_cli.asl.lint.checks import lint
from sfn_s3_cli.documents.findings import RULES
from sfn_s3_cli.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = sorted(Path(__file__).parents[2].joinpath("../shared/samples/asl").glob("*.asl.*"))

# What the tables below repeat; the longer forms may hold the shorter.
SHORT = {
    "<reader>": "ItemReader: {<read>, ReaderConfig:",
    "<choice>": "Type: Choice, Default: A, Choices:",
    "<task>": "<function>, <plain>",
    "<child>": "Parameters: {StateMachineArn: a}, <plain>",
    "<message>": "Parameters: {QueueUrl: q, MessageBody.$: $$.Task.Token}, <plain>",
    "<plain>": "Retry: [], End: true",
    "<inline>": "ItemProcessor: {<body>}",
    "<dist>": "ItemProcessor: {<mode>, <body>}",
    "<mode>": "ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}",
    "<body>": "StartAt: I, States: {I: {<end>}}",
    "<end>": "Type: Pass, End: true",
    "<map>": "Type: Map, End: true",
    "<parallel>": "Type: Parallel, End: true",
    "<test>": "Variable: $.x, IsNull: true",
    "<jsonata>": "QueryLanguage: JSONata",
    "<row>": "Parameters: {TableName: t, Key: {id: {S: x}}}",
    "<lambda>": "Parameters: {FunctionName: f}",
    "<function>": "Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:f'",
    "<activity>": "Resource: 'arn:aws:states:us-east-1:123456789012:activity:a'",
    "<read>": "Resource: 'arn:aws:states:::s3:getObject', Parameters: {Bucket: b, Key: k}",
    "<write>": "Resource: 'arn:aws:states:::s3:putObject'",
}

# A state 'A' that goes wrong: its fields, and what is told of them.
OF_STATES = """
Type: Pass, Paramters: {}, End: true
    UNKNOWN_FIELD /States/A/Paramters
    'Paramters' is no field of the Pass state 'A'
    (did you mean 'Parameters'?)
Type: Pass, Colour: red, End: true
    UNKNOWN_FIELD /States/A/Colour
    'Colour' is no field of the Pass state 'A'
    (remove it; if AWS has added it since, set `validation: warn`)
Type: Pass, <plain>
    UNSUPPORTED_FIELD /States/A/Retry
    'Retry' is no field of the Pass state 'A'
    (remove it, it belongs to a Task, Parallel or Map state)
Type: Choice, TimeoutSeconds: 5, Default: A, Choices: [{<test>, Next: A}]
    UNSUPPORTED_FIELD /States/A/TimeoutSeconds
    'TimeoutSeconds' is no field of the Choice state 'A'
    (remove it, it belongs to a Task state)
Type: Fail, InputPath: $.x
    UNSUPPORTED_FIELD /States/A/InputPath
    'InputPath' is no field of the Fail state 'A'
    (remove it)
Type: Pass, Arguments: {}, End: true
    UNSUPPORTED_FIELD /States/A/Arguments
    'Arguments' is no field of the Pass state 'A'
    (remove it, it belongs to a Task or Parallel state)
Type: Task, Arguments: {}, <task>
    UNSUPPORTED_FIELD /States/A/Arguments
    'Arguments' is JSONata, but the Task state 'A' is JSONPath
    (use `Parameters`, or set `QueryLanguage: JSONata`)
Type: Task, Parameters: {}, <jsonata>, <task>
    UNSUPPORTED_FIELD /States/A/Parameters
    'Parameters' is JSONPath, but the Task state 'A' is JSONata
    (use `Arguments`)
Type: Task, TimeoutSecondsPath: $.t, <jsonata>, <task>
    UNSUPPORTED_FIELD /States/A/TimeoutSecondsPath
    'TimeoutSecondsPath' is JSONPath, but the Task state 'A' is JSONata
    (use `TimeoutSeconds`)
Type: Pass, Parameters: {}, <jsonata>, End: true
    UNSUPPORTED_FIELD /States/A/Parameters
    'Parameters' is JSONPath, but the Pass state 'A' is JSONata
    (use `Output`)
Type: Pass, QueryLanguage: jsonata, End: true
    INVALID_VALUE /States/A/QueryLanguage
    'QueryLanguage' of the Pass state 'A' is 'jsonata'
    (did you mean 'JSONata'?)
Type: Pass
    MISSING_FIELD /States/A
    the Pass state 'A' has no Next or End
    (add `End: true`, or a `Next`)
Type: Pass, End: false
    MISSING_FIELD /States/A
    the Pass state 'A' has no Next or End
    (add `End: true`, or a `Next`)
Type: Pass, Nxt: A
    UNKNOWN_FIELD /States/A/Nxt
    'Nxt' is no field of the Pass state 'A'
    (did you mean 'Next'?)
Type: Pass, Next: A, End: true
    EXCLUSIVE_FIELDS /States/A/End
    the Pass state 'A' has Next and End at once
    (keep one of them)
Type: Pass, End: 'true'
    INVALID_VALUE /States/A/End
    'End' of the Pass state 'A' is 'true'
    (make it true or false)
Type: Task, <plain>
    MISSING_FIELD /States/A
    the Task state 'A' has no Resource
    (add `Resource`)
Type: Task, Resource: lambda, <plain>
    INVALID_RESOURCE /States/A/Resource
    'Resource' of the Task state 'A' is 'lambda'
    (make it an ARN such as `arn:aws:states:::sqs:sendMessage`)
Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.Sync', <plain>
    INVALID_RESOURCE /States/A/Resource
    'Resource' of the Task state 'A' is 'arn:aws:states:::sqs:sendMessage.Sync'
    (make it an ARN such as `arn:aws:states:::sqs:sendMessage`)
    MISSING_FIELD /States/A
    the Task state 'A' calls sqs:sendMessage without Parameters
    (add `Parameters` with `QueueUrl` and `MessageBody`)
Type: Task, Resource: '{% $x %}', <jsonata>, <plain>
    INVALID_RESOURCE /States/A/Resource
    'Resource' of the Task state 'A' is '{% $x %}'
    (make it an ARN such as `arn:aws:states:::sqs:sendMessage`)
Type: Task, ResultSelector: [], <task>
    INVALID_VALUE /States/A/ResultSelector
    'ResultSelector' of the Task state 'A' is an empty list
    (make it a mapping)
Type: Task, TimeoutSeconds: 0, <task>
    INVALID_VALUE /States/A/TimeoutSeconds
    'TimeoutSeconds' of the Task state 'A' is the number 0
    (make it a whole number from 1 to 99999999)
Type: Task, TimeoutSeconds: 100000000, <task>
    INVALID_VALUE /States/A/TimeoutSeconds
    'TimeoutSeconds' of the Task state 'A' is the number 100000000
    (make it a whole number from 1 to 99999999)
Type: Task, TimeoutSeconds: 1.5, <task>
    INVALID_VALUE /States/A/TimeoutSeconds
    'TimeoutSeconds' of the Task state 'A' is the number 1.5
    (make it a whole number from 1 to 99999999)
Type: Task, TimeoutSeconds: ' {% 1 %}', <jsonata>, <task>
    INVALID_VALUE /States/A/TimeoutSeconds
    'TimeoutSeconds' of the Task state 'A' is ' {% 1 %}'
    (begin the text with `{%`)
Type: Task, TimeoutSeconds: true, <task>
    INVALID_VALUE /States/A/TimeoutSeconds
    'TimeoutSeconds' of the Task state 'A' is true
    (make it a whole number from 1 to 99999999)
Type: Task, HeartbeatSeconds: 60, TimeoutSeconds: 60, <task>
    INVALID_VALUE /States/A/HeartbeatSeconds
    the heartbeat of the Task state 'A' is not shorter than its timeout
    (make it less than 60)
Type: Task, TimeoutSeconds: 1, TimeoutSecondsPath: $.t, <task>
    EXCLUSIVE_FIELDS /States/A/TimeoutSecondsPath
    the Task state 'A' has TimeoutSeconds and TimeoutSecondsPath at once
    (keep one of them)
Type: Task, Resource: 'arn:aws:states:::dynamodb:getItem.waitForTaskToken', <row>, <plain>
    INVALID_RESOURCE /States/A/Resource
    the Task state 'A' waits with `.waitForTaskToken`, which dynamodb:getItem does not have
    (write `arn:aws:states:::dynamodb:getItem`)
Type: Task, Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', <lambda>, <plain>
    NO_TOKEN /States/A/Resource
    the Task state 'A' waits for a token that its Parameters do not send
    (put `$$.Task.Token` into what it sends)
Type: Task, Resource: 'arn:aws:states:::lambda:invoke', <plain>
    MISSING_FIELD /States/A
    the Task state 'A' calls lambda:invoke without Parameters
    (add `Parameters` with `FunctionName`)
Type: Task, Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets', <jsonata>, <plain>
    MISSING_FIELD /States/A
    the Task state 'A' calls aws-sdk:s3:listBuckets without Arguments
    (add `Arguments: {}`, or with what it takes)
Type: Task, Credentials: {}, <task>
    MISSING_FIELD /States/A/Credentials
    the Credentials of the Task state 'A' name no role
    (add `RoleArn`)
Type: Task, Credentials: {RoleArn: r}, <activity>, <plain>
    UNSUPPORTED_FIELD /States/A/Credentials
    the Task state 'A' is an activity, which takes no Credentials
    (remove them)
Type: Task, <function>, End: true
    NO_RETRY /States/A
    the Task state 'A' has no Retry
    (add one, or a failure that would pass is final)
Type: Task, Retry: {}, <function>, End: true
    INVALID_VALUE /States/A/Retry
    'Retry' of the Task state 'A' is an empty mapping
    (make it a list of mappings)
Type: Task, Retry: [x], <function>, End: true
    INVALID_VALUE /States/A/Retry/0
    an item of Retry of the Task state 'A' is 'x'
    (make it a mapping)
Type: Task, Retry: [{}], <function>, End: true
    MISSING_FIELD /States/A/Retry/0
    Retry[0] of the Task state 'A' has no ErrorEquals
    (add `ErrorEquals`)
Type: Task, Retry: [{ErrorEquals: []}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/ErrorEquals
    'ErrorEquals' of Retry[0] of the Task state 'A' is an empty list
    (make it a list of one or more strings)
Type: Task, Retry: [{ErrorEquals: [1]}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/ErrorEquals/0
    an item of Retry[0].ErrorEquals of the Task state 'A' is the number 1
    (make it a string)
Type: Task, Retry: [{ErrorEquals: [States.ALL, X]}], <function>, End: true
    STATES_ALL_NOT_LAST /States/A/Retry/0/ErrorEquals/0
    `States.ALL` in Retry of the Task state 'A' is not alone and last
    (give it an entry of its own, after the others)
Type: Task, Retry: [{ErrorEquals: [States.ALL]}, {ErrorEquals: [X]}], <function>, End: true
    STATES_ALL_NOT_LAST /States/A/Retry/0/ErrorEquals/0
    `States.ALL` in Retry of the Task state 'A' is not alone and last
    (give it an entry of its own, after the others)
Type: Task, Retry: [{ErrorEquals: [States.TimeOut]}], <function>, End: true
    UNKNOWN_ERROR_NAME /States/A/Retry/0/ErrorEquals/0
    'States.TimeOut' in Retry[0] of the Task state 'A' is no error of Step Functions
    (did you mean 'States.Timeout'?)
Type: Fail, Error: States.Mine
    UNKNOWN_ERROR_NAME /States/A/Error
    'States.Mine' is no error of Step Functions, which owns `States.`
    (name it without `States.`, here and where it is caught)
Type: Task, Retry: [{ErrorEquals: [States.Mine]}], <function>, End: true
    UNKNOWN_ERROR_NAME /States/A/Retry/0/ErrorEquals/0
    'States.Mine' in Retry[0] of the Task state 'A' is no error of Step Functions
    (name one of your own, without `States.`)
Type: Task, Retry: [{ErrorEquals: [X], MaxAttempts: -1}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/MaxAttempts
    'MaxAttempts' of Retry[0] of the Task state 'A' is the number -1
    (make it a whole number from 0 to 99999999)
Type: Task, Retry: [{ErrorEquals: [X], BackoffRate: 0.5}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/BackoffRate
    'BackoffRate' of Retry[0] of the Task state 'A' is the number 0.5
    (make it a number of 1 or more)
Type: Task, Retry: [{ErrorEquals: [X], MaxDelaySeconds: 31622401}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/MaxDelaySeconds
    'MaxDelaySeconds' of Retry[0] of the Task state 'A' is the number 31622401
    (make it a whole number from 1 to 31622400)
Type: Task, Retry: [{ErrorEquals: [X], JitterStrategy: full}], <function>, End: true
    INVALID_VALUE /States/A/Retry/0/JitterStrategy
    'JitterStrategy' of Retry[0] of the Task state 'A' is 'full'
    (did you mean 'FULL'?)
Type: Task, Retry: [{ErrorEquals: [X], Next: A}], <function>, End: true
    UNSUPPORTED_FIELD /States/A/Retry/0/Next
    'Next' is no field of Retry[0] of the Task state 'A'
    (remove it)
Type: Task, Catch: [{ErrorEquals: [X]}], <task>
    MISSING_FIELD /States/A/Catch/0
    Catch[0] of the Task state 'A' has no Next
    (add `Next`)
Type: Wait, End: true
    MISSING_FIELD /States/A
    the Wait state 'A' has no Seconds, Timestamp, SecondsPath or TimestampPath
    (say how long it waits)
Type: Wait, Seconds: 1, Timestamp: '2030-01-31T09:30:00Z', End: true
    EXCLUSIVE_FIELDS /States/A/Timestamp
    the Wait state 'A' has Seconds and Timestamp at once
    (keep one of them)
Type: Wait, Seconds: -1, End: true
    INVALID_VALUE /States/A/Seconds
    'Seconds' of the Wait state 'A' is the number -1
    (make it a whole number from 0 to 99999999)
Type: Wait, Timestamp: 2030-01-31 09:30, End: true
    INVALID_VALUE /States/A/Timestamp
    'Timestamp' of the Wait state 'A' is '2030-01-31 09:30'
    (make it a timestamp such as `2030-01-31T09:30:00Z`)
Type: Wait, <jsonata>, End: true
    MISSING_FIELD /States/A
    the Wait state 'A' has no Seconds or Timestamp
    (say how long it waits)
Type: Fail, Error: E, ErrorPath: $.e
    EXCLUSIVE_FIELDS /States/A/ErrorPath
    the Fail state 'A' has Error and ErrorPath at once
    (keep one of them)
Type: Fail, Cause: "States.Format('{}', $.x)", Error: $.error
    NO_DOLLAR /States/A/Cause
    "States.Format('{}', $.x)" in the state 'A' is taken as it is
    (use `CausePath`)
    NO_DOLLAR /States/A/Error
    '$.error' in the state 'A' is taken as it is
    (use `ErrorPath`)
Type: Wait, Seconds: $.delay, End: true
    INVALID_VALUE /States/A/Seconds
    'Seconds' of the Wait state 'A' is '$.delay'
    (use `SecondsPath`)
Type: Fail, Cause: 5
    INVALID_VALUE /States/A/Cause
    'Cause' of the Fail state 'A' is the number 5
    (make it a string)
Type: Parallel, End: true
    MISSING_FIELD /States/A
    the Parallel state 'A' has no Branches
    (add `Branches`)
Type: Parallel, Branches: [], End: true
    INVALID_VALUE /States/A/Branches
    'Branches' of the Parallel state 'A' is an empty list
    (make it a list of one or more mappings)
Type: Parallel, Branches: [5], End: true
    INVALID_VALUE /States/A/Branches/0
    an item of Branches of the Parallel state 'A' is the number 5
    (make it a mapping with `StartAt` and `States`)
Type: Parallel, Branches: [{}], End: true
    MISSING_FIELD /States/A/Branches/0
    Branches[0] of the Parallel state 'A' has no StartAt
    (add `StartAt`)
    MISSING_FIELD /States/A/Branches/0
    Branches[0] of the Parallel state 'A' has no States
    (add `States`)
Type: Parallel, Branches: [{StartAt: B, States: {}}], End: true
    INVALID_VALUE /States/A/Branches/0/States
    the States of Branches[0] of the Parallel state 'A' are empty
    (add the first state)
Type: Parallel, Branches: [{StartAt: B, States: {B: []}}], End: true
    INVALID_VALUE /States/A/Branches/0/States/B
    the state 'B' is a list
    (make it a mapping)
Type: Parallel, Branches: [{StartAt: B, States: {B: {End: true}}}], End: true
    MISSING_FIELD /States/A/Branches/0/States/B
    the state 'B' has no Type
    (add `Type`)
Type: Parallel, Branches: [{StartAt: B, States: {B: {type: Pass, End: true}}}], End: true
    MISSING_FIELD /States/A/Branches/0/States/B/type
    the state 'B' has no Type
    (did you mean 'Type'?)
Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: Pas, End: true}}}], End: true
    INVALID_VALUE /States/A/Branches/0/States/B/Type
    the Type of the state 'B' is 'Pas'
    (did you mean 'Pass'?)
Type: Parallel, Branches: [{StartAt: B, States: {B: {Type: 5, End: true}}}], End: true
    INVALID_VALUE /States/A/Branches/0/States/B/Type
    the Type of the state 'B' is the number 5
    (make it Pass, Task, Wait, Choice, Parallel, Map, Succeed or Fail)
Type: Parallel, Branches: [{<jsonata>, <body>}], End: true
    UNSUPPORTED_FIELD /States/A/Branches/0/QueryLanguage
    'QueryLanguage' is no field of Branches[0] of the Parallel state 'A'
    (remove it)
Type: Choice, Default: A
    MISSING_FIELD /States/A
    the Choice state 'A' has no Choices
    (add `Choices`)
<choice> []
    INVALID_VALUE /States/A/Choices
    'Choices' of the Choice state 'A' is an empty list
    (make it a list of one or more mappings)
<choice> [5]
    INVALID_VALUE /States/A/Choices/0
    an item of Choices of the Choice state 'A' is the number 5
    (make it a mapping)
Type: Choice, Defualt: A, Choices: [{<test>, Next: A}]
    UNKNOWN_FIELD /States/A/Defualt
    'Defualt' is no field of the Choice state 'A'
    (did you mean 'Default'?)
Type: Choice, Choices: [{<test>, Next: A}]
    NO_DEFAULT /States/A
    the Choice state 'A' has no Default
    (add one, or an input that no rule matches fails the execution)
Type: Choice, Default: A, Next: A, Choices: [{<test>, Next: A}]
    UNSUPPORTED_FIELD /States/A/Next
    'Next' is no field of the Choice state 'A'
    (remove it)
<choice> [{<test>}]
    MISSING_FIELD /States/A/Choices/0
    Choices[0] of the Choice state 'A' has no Next
    (add `Next`)
<choice> [{Variable: $.x, Next: A}]
    MISSING_FIELD /States/A/Choices/0
    Choices[0] of the Choice state 'A' has no comparison with its Variable
    (add one, such as `StringEquals` or `IsPresent`)
<choice> [{IsNull: true, Next: A}]
    MISSING_FIELD /States/A/Choices/0
    Choices[0] of the Choice state 'A' has no Variable, And, Or or Not
    (say what it tests)
<choice> [{<test>, IsString: true, Next: A}]
    EXCLUSIVE_FIELDS /States/A/Choices/0/IsString
    Choices[0] of the Choice state 'A' has IsNull and IsString at once
    (keep one of them, or join two rules with `And`)
<choice> [{Variable: $.x, StringEqual: a, Next: A}]
    UNKNOWN_FIELD /States/A/Choices/0/StringEqual
    'StringEqual' is no field of Choices[0] of the Choice state 'A'
    (did you mean 'StringEquals'?)
<choice> [{Variable: $.x, StringEquals: 5, Next: A}]
    INVALID_VALUE /States/A/Choices/0/StringEquals
    'StringEquals' of Choices[0] of the Choice state 'A' is the number 5
    (make it a string)
<choice> [{Variable: $.x, NumericEquals: '5', Next: A}]
    INVALID_VALUE /States/A/Choices/0/NumericEquals
    'NumericEquals' of Choices[0] of the Choice state 'A' is '5'
    (make it a number)
<choice> [{Variable: $.x, NumericEquals: $.y, Next: A}]
    INVALID_VALUE /States/A/Choices/0/NumericEquals
    'NumericEquals' of Choices[0] of the Choice state 'A' is '$.y'
    (use `NumericEqualsPath`)
<choice> [{Variable: $.x, StringEquals: $.id, Next: A}]
    NO_DOLLAR /States/A/Choices/0/StringEquals
    '$.id' in the state 'A' is taken as it is
    (use `StringEqualsPath`)
<choice> [{Variable: $.x, TimestampLessThan: today, Next: A}]
    INVALID_VALUE /States/A/Choices/0/TimestampLessThan
    'TimestampLessThan' of Choices[0] of the Choice state 'A' is 'today'
    (make it a timestamp such as `2030-01-31T09:30:00Z`)
<choice> [{And: [], Next: A}]
    INVALID_VALUE /States/A/Choices/0/And
    'And' of Choices[0] of the Choice state 'A' is an empty list
    (make it a list of one or more mappings)
<choice> [{Not: [], Next: A}]
    INVALID_VALUE /States/A/Choices/0/Not
    'Not' of Choices[0] of the Choice state 'A' is an empty list
    (make it a mapping)
<choice> [{Not: {<test>, Next: A}, Next: A}]
    UNSUPPORTED_FIELD /States/A/Choices/0/Not/Next
    'Next' is no field of Choices[0].Not of the Choice state 'A'
    (remove it)
<choice> [{And: [{Variable: $.x}], Next: A}]
    MISSING_FIELD /States/A/Choices/0/And/0
    Choices[0].And[0] of the Choice state 'A' has no comparison with its Variable
    (add one, such as `StringEquals` or `IsPresent`)
<choice> [{<test>, Not: {<test>}, Next: A}]
    EXCLUSIVE_FIELDS /States/A/Choices/0/Not
    Choices[0] of the Choice state 'A' has Variable and Not at once
    (keep one of them)
<choice> [{Not: {<test>}, IsNull: true, Next: A}]
    UNSUPPORTED_FIELD /States/A/Choices/0/IsNull
    'IsNull' of Choices[0] of the Choice state 'A' has no Variable to compare
    (remove it)
<choice> [{Condition: '{% $x %}', Next: A}]
    UNSUPPORTED_FIELD /States/A/Choices/0/Condition
    'Condition' is JSONata, but Choices[0] of the Choice state 'A' is JSONPath
    (use `Variable`, or set `QueryLanguage: JSONata`)
Type: Choice, Default: A, <jsonata>, Choices: [{<test>, Next: A}]
    UNSUPPORTED_FIELD /States/A/Choices/0/Variable
    'Variable' is JSONPath, but Choices[0] of the Choice state 'A' is JSONata
    (use `Condition`)
Type: Choice, Default: A, <jsonata>, Choices: [{Condition: $x, Next: A}]
    INVALID_VALUE /States/A/Choices/0/Condition
    'Condition' of Choices[0] of the Choice state 'A' is '$x'
    (write it as `{% ... %}`)
Type: Choice, Default: A, <jsonata>, Choices: [{Condition: '{% $x %} ', Next: A}]
    INVALID_VALUE /States/A/Choices/0/Condition
    'Condition' of Choices[0] of the Choice state 'A' is '{% $x %} '
    (end the text right after `%}`: in YAML with `>-` or `|-`)
Type: Choice, Default: A, <jsonata>, Choices: [{Condition: '{{ $x }}', Next: A}]
    INVALID_VALUE /States/A/Choices/0/Condition
    'Condition' of Choices[0] of the Choice state 'A' is '{{ $x }}'
    (write it as `{% ... %}`)
Type: Choice, Default: A, <jsonata>, Choices: [{Condition: 'yes', Next: A}]
    INVALID_VALUE /States/A/Choices/0/Condition
    'Condition' of Choices[0] of the Choice state 'A' is 'yes'
    (make it true, false or an expression)
Type: Choice, Default: A, <jsonata>, Choices: [{Condition: true, IsNull: true, Next: A}]
    UNSUPPORTED_FIELD /States/A/Choices/0/IsNull
    'IsNull' of Choices[0] of the Choice state 'A' has no Variable to compare
    (remove it)
Type: Choice, Default: A, <jsonata>, Choices: [{Next: A}]
    MISSING_FIELD /States/A/Choices/0
    Choices[0] of the Choice state 'A' has no Condition
    (say what it tests)
Type: Map, End: true
    MISSING_FIELD /States/A
    the Map state 'A' has no ItemProcessor or Iterator
    (add an `ItemProcessor`)
<map>, Iterator: {<body>}, <inline>
    DUPLICATE_STATE_NAME /States/A/Iterator/States/I
    there is a state 'I' in ItemProcessor of the Map state 'A' too
    (rename one of them: names are unique in the whole definition)
    EXCLUSIVE_FIELDS /States/A/ItemProcessor
    the Map state 'A' has Iterator and ItemProcessor at once
    (keep one of them)
<map>, MaxConcurrency: -1, <inline>
    INVALID_VALUE /States/A/MaxConcurrency
    'MaxConcurrency' of the Map state 'A' is the number -1
    (make it a whole number of 0 or more)
<map>, MaxConcurrency: 1, MaxConcurrencyPath: $.x, <inline>
    EXCLUSIVE_FIELDS /States/A/MaxConcurrencyPath
    the Map state 'A' has MaxConcurrency and MaxConcurrencyPath at once
    (keep one of them)
<map>, Items: 5, <jsonata>, <inline>
    INVALID_VALUE /States/A/Items
    'Items' of the Map state 'A' is the number 5
    (make it a list, a mapping or an expression)
<map>, Label: a b, <dist>
    INVALID_LABEL_NAME /States/A/Label
    'Label' of the Map state 'A' is 'a b'
    (make it 1 to 40 letters, digits, `-`, `_` and `.`)
<map>, Label: ab, <inline>
    DISTRIBUTED_ONLY /States/A/Label
    Label has no effect on the Map state 'A', which is not DISTRIBUTED
    (remove it, or set `Mode: DISTRIBUTED` and an `ExecutionType`)
<map>, <reader> {InputType: CVS}}, <inline>
    DISTRIBUTED_ONLY /States/A/ItemReader
    ItemReader has no effect on the Map state 'A', which is not DISTRIBUTED
    (remove it, or set `Mode: DISTRIBUTED` and an `ExecutionType`)
    INVALID_VALUE /States/A/ItemReader/ReaderConfig/InputType
    'InputType' of ItemReader.ReaderConfig of the Map state 'A' is 'CVS'
    (did you mean 'CSV'?)
<map>, ToleratedFailurePercentage: 100.5, <dist>
    INVALID_VALUE /States/A/ToleratedFailurePercentage
    'ToleratedFailurePercentage' of the Map state 'A' is the number 100.5
    (make it a number from 0 to 100)
<map>, ItemReader: {}, <dist>
    MISSING_FIELD /States/A/ItemReader
    ItemReader of the Map state 'A' has no Resource
    (add `Resource`)
<map>, ItemReader: {<write>}, <dist>
    INVALID_RESOURCE /States/A/ItemReader/Resource
    'Resource' of ItemReader of the Map state 'A' is 'arn:aws:states:::s3:putObject'
    (make it `arn:aws:states:::s3:getObject` or `arn:aws:states:::s3:listObjectsV2`)
<map>, <reader> {InputType: CSV}}, <dist>
    MISSING_FIELD /States/A/ItemReader/ReaderConfig
    ItemReader.ReaderConfig of the Map state 'A' has no CSVHeaderLocation
    (add `CSVHeaderLocation: FIRST_ROW`)
<map>, <reader> {InputType: CVS}}, <dist>
    INVALID_VALUE /States/A/ItemReader/ReaderConfig/InputType
    'InputType' of ItemReader.ReaderConfig of the Map state 'A' is 'CVS'
    (did you mean 'CSV'?)
<map>, <reader> {InputType: JSON, CSVHeaderLocation: FIRST_ROW}}, <dist>
    UNSUPPORTED_FIELD /States/A/ItemReader/ReaderConfig/CSVHeaderLocation
    ItemReader.ReaderConfig of the Map state 'A' has a CSVHeaderLocation, but reads JSON
    (remove it)
<map>, <reader> {InputType: CSV, CSVHeaderLocation: GIVEN}}, <dist>
    MISSING_FIELD /States/A/ItemReader/ReaderConfig
    ItemReader.ReaderConfig of the Map state 'A' has no CSVHeaders
    (add `CSVHeaders`, the list of the columns' names)
<map>, <reader> {MaxItems: 1, MaxItemsPath: $.x}}, <dist>
    EXCLUSIVE_FIELDS /States/A/ItemReader/ReaderConfig/MaxItemsPath
    ItemReader.ReaderConfig of the Map state 'A' has MaxItems and MaxItemsPath at once
    (keep one of them)
<map>, ItemBatcher: {MaxItemsPerBatch: -1}, <dist>
    INVALID_VALUE /States/A/ItemBatcher/MaxItemsPerBatch
    'MaxItemsPerBatch' of ItemBatcher of the Map state 'A' is the number -1
    (make it a whole number of 1 or more)
<map>, ItemBatcher: {MaxInputBytesPerBatch: 262145}, <dist>
    INVALID_VALUE /States/A/ItemBatcher/MaxInputBytesPerBatch
    'MaxInputBytesPerBatch' of ItemBatcher of the Map state 'A' is the number 262145
    (make it a whole number from 1 to 262144)
<map>, ResultWriter: {}, <dist>
    MISSING_FIELD /States/A/ResultWriter
    ResultWriter of the Map state 'A' has no Resource or WriterConfig
    (add `Resource` and `Parameters`, or `WriterConfig`)
<map>, ResultWriter: {<write>}, <dist>
    MISSING_FIELD /States/A/ResultWriter
    ResultWriter of the Map state 'A' has no Parameters
    (add `Parameters` with the `Bucket`)
<map>, ResultWriter: {Parameters: {Bucket: b}}, <dist>
    MISSING_FIELD /States/A/ResultWriter
    ResultWriter of the Map state 'A' has no Resource
    (add `Resource: arn:aws:states:::s3:putObject`)
<map>, ResultWriter: {WriterConfig: {OutputType: CSV}}, <dist>
    INVALID_VALUE /States/A/ResultWriter/WriterConfig/OutputType
    'OutputType' of ResultWriter.WriterConfig of the Map state 'A' is 'CSV'
    (make it `JSON` or `JSONL`)
<map>, ItemProcessor: {ProcessorConfig: {Mode: DISTRIBUTED}, <body>}
    MISSING_FIELD /States/A/ItemProcessor/ProcessorConfig
    ItemProcessor.ProcessorConfig of the Map state 'A' has no ExecutionType
    (add `ExecutionType: STANDARD`, or `EXPRESS`)
<map>, ItemProcessor: {ProcessorConfig: {Mode: INLINE, ExecutionType: EXPRESS}, <body>}
    UNSUPPORTED_FIELD /States/A/ItemProcessor/ProcessorConfig/ExecutionType
    ItemProcessor.ProcessorConfig of the Map state 'A' has an ExecutionType, but is INLINE
    (remove it)
Type: Pass, Result: $.x, End: true
    PASS_RESULT_IS_STATIC /States/A/Result
    '$.x' in the Result of the Pass state 'A' is not evaluated
    (write `Parameters` in place of `Result`)
Type: Pass, Result: {a: [{b.$: $.x}]}, End: true
    PASS_RESULT_IS_STATIC /States/A/Result/a/0/b.$
    'b.$' in the Result of the Pass state 'A' is not evaluated
    (write `Parameters` in place of `Result`)
"""

# The same for whole definitions.
OF_DEFINITIONS = """
Comment: empty
    MISSING_FIELD /
    the definition has no StartAt
    (add `StartAt`)
    MISSING_FIELD /
    the definition has no States
    (add `States`)
startAt: A, States: {A: {<end>}}
    UNKNOWN_FIELD /startAt
    'startAt' is no field of the definition
    (did you mean 'StartAt'?)
StartAt: 1, States: []
    INVALID_VALUE /StartAt
    'StartAt' of the definition is the number 1
    (make it a string)
    INVALID_VALUE /States
    'States' of the definition is an empty list
    (make it a mapping of names to states)
StartAt: A, States: {}
    INVALID_VALUE /States
    the States of the definition are empty
    (add the first state)
StartAt: A, States: {A: 5}
    INVALID_VALUE /States/A
    the state 'A' is the number 5
    (make it a mapping)
StartAt: A, States: {A: {type: Pass, End: true}}
    MISSING_FIELD /States/A/type
    the state 'A' has no Type
    (did you mean 'Type'?)
StartAt: A, States: {A: {Type: 5, End: true}}
    INVALID_VALUE /States/A/Type
    the Type of the state 'A' is the number 5
    (make it Pass, Task, Wait, Choice, Parallel, Map, Succeed or Fail)
StartAt: A, States: {A: {<end>}}, Colour: red
    UNKNOWN_FIELD /Colour
    'Colour' is no field of the definition
    (remove it; if AWS has added it since, set `validation: warn`)
StartAt: A, States: {A: {<end>}}, version: '1.0'
    UNKNOWN_FIELD /version
    'version' is no field of the definition
    (did you mean 'Version'?)
StartAt: A, States: {A: {<end>}}, Version: '2.0'
    INVALID_VALUE /Version
    'Version' of the definition is '2.0'
    (did you mean '1.0'?)
StartAt: A, States: {A: {<end>}}, TimeoutSeconds: -1
    INVALID_VALUE /TimeoutSeconds
    'TimeoutSeconds' of the definition is the number -1
    (make it a whole number from 0 to 99999999)
StartAt: A, States: {A: {<end>}}, QueryLanguage: JSONPat
    INVALID_VALUE /QueryLanguage
    'QueryLanguage' of the definition is 'JSONPat'
    (did you mean 'JSONPath'?)
StartAt: A, States: {A: {<end>, QueryLanguage: JSONPath, Parameters: {}}}, QueryLanguage: JSONata
    UNSUPPORTED_FIELD /States/A/QueryLanguage
    the Pass state 'A' is JSONPath, but the definition is JSONata
    (remove it, and write the state in JSONata)
StartAt: A, States: {A: {<end>, Parameters: {}}}, QueryLanguage: JSONata
    UNSUPPORTED_FIELD /States/A/Parameters
    'Parameters' is JSONPath, but the Pass state 'A' is JSONata
    (use `Output`)
StartAt: M, States: {M: {<map>, <jsonata>, Iterator: {StartAt: A, States: {A: {<end>, Output: 1}}}}}
    UNSUPPORTED_FIELD /States/M/Iterator/States/A/Output
    'Output' is JSONata, but the Pass state 'A' is JSONPath
    (use `OutputPath`, or set `QueryLanguage: JSONata`)
StartAt: B, States: {A: {<end>}}
    MISSING_TRANSITION_TARGET /StartAt
    there is no state 'B' for this transition
    (name a state that exists)
StartAt: a, States: {A: {<end>}}
    MISSING_TRANSITION_TARGET /StartAt
    there is no state 'a' for this transition
    (did you mean 'A'?)
StartAt: A, States: {A: {Type: Pass, Next: A}}
    MISSING_END_STATE /States
    no state ends the definition
    (add `End: true` to the last one)
StartAt: A, States: {A: {Type: Pass, Next: Bee}, Bees: {<end>}}
    MISSING_TRANSITION_TARGET /States/A/Next
    there is no state 'Bee' for this transition
    (did you mean 'Bees'?)
StartAt: A, States: {A: {Type: Pass, Next: A}, B: {<end>}}
    MISSING_TRANSITION_TARGET /States/B
    the Pass state 'B' is not reachable
    (lead a transition to it, or remove it)
StartAt: A, States: {A: {Type: Pass, Nxt: B}, B: {<end>}}
    UNKNOWN_FIELD /States/A/Nxt
    'Nxt' is no field of the Pass state 'A'
    (did you mean 'Next'?)
StartAt: A, States: {A: {<end>}, B: {Type: Pass, Next: C}, C: {Type: Pass, Next: B}}
    MISSING_TRANSITION_TARGET /States/B
    the Pass state 'B' is not reachable
    (lead a transition to it, or remove it)
    MISSING_TRANSITION_TARGET /States/C
    the Pass state 'C' is not reachable
    (lead a transition to it, or remove it)
StartAt: A, States: {A: {Type: Task, Catch: [{ErrorEquals: [E], Next: X}], <task>}}
    MISSING_TRANSITION_TARGET /States/A/Catch/0/Next
    there is no state 'X' for this transition
    (name a state that exists)
StartAt: A, States: {A: {Type: Choice, Choices: [{<test>, Next: X}], Default: Y}, B: {<end>}}
    MISSING_TRANSITION_TARGET /States/A/Default
    there is no state 'Y' for this transition
    (name a state that exists)
    MISSING_TRANSITION_TARGET /States/A/Choices/0/Next
    there is no state 'X' for this transition
    (name a state that exists)
StartAt: P, States: {P: {<parallel>, Branches: [{StartAt: A, States: {A: {Type: Pass, Next: P}}}]}}
    MISSING_TRANSITION_TARGET /States/P/Branches/0/States/A/Next
    there is no state 'P' for this transition
    (name a state beside this one; that one belongs to the definition)
StartAt: P, States: {P: {Type: Pass, Next: I}, Q: {<parallel>, Branches: [{<body>}]}}
    MISSING_TRANSITION_TARGET /States/P/Next
    there is no state 'I' for this transition
    (name a state beside this one; that one belongs to Branches[0] of the Parallel state 'Q')
StartAt: P, States: {P: {<parallel>, Branches: [{StartAt: A, States: {A: {<end>}, B: {<end>}}}]}}
    MISSING_TRANSITION_TARGET /States/P/Branches/0/States/B
    the Pass state 'B' is not reachable
    (lead a transition to it, or remove it)
StartAt: P, States: {P: {<parallel>, Branches: [{StartAt: P, States: {P: {<end>}}}]}}
    DUPLICATE_STATE_NAME /States/P/Branches/0/States/P
    there is a state 'P' in the definition too
    (rename one of them: names are unique in the whole definition)
StartAt: M, States: {M: {<map>, <inline>, Iterator: {StartAt: J, States: {J: {<end>}}}}}
    EXCLUSIVE_FIELDS /States/M/Iterator
    the Map state 'M' has ItemProcessor and Iterator at once
    (keep one of them)
StartAt: '', States: {'': {<end>}}
    INVALID_STATE_NAME /States/
    the name of the Pass state '' has 0 characters
    (give it 1 to 80)
"""

# States that go wrong in an EXPRESS workflow alone.
OF_EXPRESS = """
Type: Task, Resource: 'arn:aws:states:::glue:startJobRun.sync', Parameters: {JobName: j}, <plain>
    EXPRESS_UNSUPPORTED /States/A/Resource
    the Task state 'A' waits for a job to end, but runs in an EXPRESS workflow
    (set `state_machine.type: standard`)
Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', <child>
    EXPRESS_UNSUPPORTED /States/A/Resource
    the Task state 'A' waits for a job to end, but runs in an EXPRESS workflow
    (set `state_machine.type: standard`)
Type: Task, Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', <message>
    EXPRESS_UNSUPPORTED /States/A/Resource
    the Task state 'A' waits for a task token, but runs in an EXPRESS workflow
    (set `state_machine.type: standard`)
Type: Task, <activity>, <plain>
    EXPRESS_UNSUPPORTED /States/A/Resource
    the Task state 'A' is an activity, but runs in an EXPRESS workflow
    (set `state_machine.type: standard`)
<map>, <dist>
    EXPRESS_UNSUPPORTED /States/A/ItemProcessor/ProcessorConfig/Mode
    the Map state 'A' is DISTRIBUTED, but runs in an EXPRESS workflow
    (set `state_machine.type: standard`)
"""


def cases(table: str) -> list[tuple[str, str]]:
    """Each snippet with the lines below it."""
    split = (case.partition("\n") for case in re.split(r"\n(?=\S)", table.strip()))
    return [(snippet, textwrap.dedent(told)) for snippet, _, told in split]


def read(snippet: str) -> dict[str, Any]:
    for name, text in SHORT.items():
        snippet = snippet.replace(name, text)
    value: dict[str, Any] = yaml.safe_load(f"{{{snippet}}}")
    return value


def of_state(snippet: str) -> dict[str, Any]:
    """A definition with the state, and another that ends it."""
    states = {"A": read(snippet), "Z": {"Type": "Succeed"}}
    return {"StartAt": "A", "States": states}


def said(definition: dict[str, Any], *, is_express: bool = False) -> str:
    """The findings, without what follows from the state Z, which nothing leads to."""
    return "\n".join(
        f"{each.code} /{'/'.join(map(str, each.path))}\n{each.message}\n({each.remedy})"
        for each in lint(definition, is_express=is_express)
        if each.path != ("States", "Z")
    )


@pytest.mark.parametrize(("snippet", "told"), cases(OF_STATES))
def test_what_is_wrong_with_a_state(snippet: str, told: str) -> None:
    assert said(of_state(snippet)) == told


@pytest.mark.parametrize(("snippet", "told"), cases(OF_DEFINITIONS))
def test_what_is_wrong_with_a_definition(snippet: str, told: str) -> None:
    assert said(read(snippet)) == told


# AWS takes all of these, and there is nothing to say about them.
SOUND = """
Type: Pass, Result: [1], ResultPath: null, InputPath: null, OutputPath: $, Next: Z
Type: Pass, Next: Z, End: false
Type: Pass, Comment: any, Assign: {a: 1}, Next: Z
Type: Pass, Output: null, <jsonata>, Next: Z
Type: Succeed, Output: [1], <jsonata>
Type: Fail, Error: '{% "e" %}', Cause: '{% "c" %}', <jsonata>
Type: Fail, ErrorPath: $.e, Cause: c
Type: Fail, Error: States.TaskFailed
Type: Wait, Seconds: 0, Next: Z
Type: Wait, Seconds: 30.0, Next: Z
Type: Wait, Seconds: '{% 5 %}', <jsonata>, Next: Z
Type: Wait, Timestamp: '2030-01-31T09:30:00.5+01:00', Next: Z
Type: Task, Parameters: {a.$: $.a}, ResultSelector: {}, Credentials: {RoleArn.$: $.r}, <task>
Type: Task, Arguments: '{% $states.input %}', TimeoutSeconds: '{% 1 %}', <jsonata>, <task>
Type: Task, HeartbeatSeconds: 1, TimeoutSeconds: 2, Comment: x, <task>
Type: Task, <activity>, <plain>
Type: Task, Resource: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live', <plain>
Type: Task, Resource: 'arn:aws:states:::states:startExecution.sync:2', <child>
Type: Task, Resource: 'arn:aws:states:us-east-1:1:aws-sdk:s3:listBuckets', Parameters: {}, <plain>
Type: Task, <function>, Retry: [{ErrorEquals: [E, States.Http.StatusCode.503]}], End: true
Type: Task, <function>, Retry: [{ErrorEquals: [E], IntervalSeconds: 0, MaxAttempts: 0}], End: true
Type: Task, <function>, Retry: [{ErrorEquals: [E]}, {ErrorEquals: [States.ALL]}], End: true
Type: Task, Catch: [{ErrorEquals: [States.ALL], ResultPath: null, Next: Z, Comment: c}], <task>
<choice> [{<test>, Next: A, Comment: c, Assign: {a: 1}}]
<choice> [{And: [{<test>}, {Or: [{Not: {<test>}}, {Variable: $.y, StringMatches: '*'}]}], Next: A}]
<choice> [{Variable: $.y, TimestampLessThanEquals: '2030-01-31T09:30:00Z', Next: A}]
<choice> [{Variable: $.y, NumericGreaterThanPath: $.z, Next: A}]
<choice> [{Condition: true, Next: A, Output: 1}], <jsonata>
<choice> [{Condition: '{% 1 = 1 %}', Next: A}], <jsonata>, Output: 1, Assign: {a: 1}
<parallel>, Arguments: {}, Branches: [{Comment: c, <body>}], <jsonata>
<map>, Iterator: {<body>}, ItemsPath: $.a, Parameters: {}, MaxConcurrency: 0, Catch: []
<map>, <inline>, Items: {a: 1}, ItemSelector: '{% 1 %}', MaxConcurrency: '{% 1 %}', <jsonata>
<map>, <dist>, Label: a-b_c.d, ToleratedFailurePercentage: 0.5, ToleratedFailureCountPath: $.n
<map>, <dist>, ItemBatcher: {MaxItemsPerBatch: 1, BatchInput: {a.$: $.a}}, ItemReader: {<read>}
<map>, <dist>, <reader> {InputType: CSV, CSVHeaderLocation: GIVEN, CSVHeaders: [a]}}
<map>, <dist>, <reader> {}, Parameters: {Bucket: b, Key: k}}
<map>, <dist>, ResultWriter: {<write>, Parameters: {Bucket: b}}
<map>, <dist>, ResultWriter: {<write>, Arguments: '{% 1 %}', WriterConfig: {}}, <jsonata>
"""


@pytest.mark.parametrize("snippet", SOUND.strip().split("\n"))
def test_nothing_is_said_of_a_sound_state(snippet: str) -> None:
    assert said(of_state(snippet)) == ""


def test_a_name_has_no_more_than_80_characters() -> None:
    def definition(name: str) -> dict[str, Any]:
        return {"StartAt": name, "States": {name: {"Type": "Succeed"}}}

    assert said(definition("é" * 80)) == ""
    name = "é" * 81
    assert said(definition(name)).startswith(f"INVALID_STATE_NAME /States/{name}\n")


def test_labels_are_unique() -> None:
    first = read("Type: Map, <dist>, Label: L, Next: B")
    second = read("Type: Map, ItemProcessor: {<mode>, StartAt: J, States: {J: {<end>}}}, Label: L")
    states = {"A": first, "B": {**second, "End": True}}
    assert said({"StartAt": "A", "States": states}) == (
        "DUPLICATE_LABEL_NAME /States/B/Label\n"
        "the Map state 'A' has the Label 'L' too\n"
        "(change one of them)"
    )


@pytest.mark.parametrize(("snippet", "told"), cases(OF_EXPRESS))
def test_an_express_workflow_cannot_do_everything(snippet: str, told: str) -> None:
    assert said(of_state(snippet), is_express=True) == told
    assert said(of_state(snippet)) == ""


def test_the_children_of_a_distributed_map_are_express_if_it_says_so() -> None:
    definition = of_state("<map>, <dist>")
    processor = definition["States"]["A"]["ItemProcessor"]
    processor["States"]["I"] = read("Type: Task, <activity>, <plain>")
    assert said(definition) == ""
    processor["ProcessorConfig"]["ExecutionType"] = "EXPRESS"
    assert said(definition) == (
        "EXPRESS_UNSUPPORTED /States/A/ItemProcessor/States/I/Resource\n"
        "the Task state 'I' is an activity, but runs in the EXPRESS children of the Map state 'A'\n"
        "(set `ExecutionType: STANDARD` in its ProcessorConfig)"
    )


def test_doubtful_states_are_warned_of() -> None:
    doubtful = {"DISTRIBUTED_ONLY", "NO_DEFAULT", "NO_DOLLAR", "NO_RETRY", "NO_TOKEN"}
    doubtful |= {"PASS_RESULT_IS_STATIC", "UNKNOWN_ERROR_NAME"}
    for snippet, _ in cases(OF_STATES):
        for each in lint(of_state(snippet)):
            assert (each.severity is Severity.WARNING) == (each.code in doubtful)


def test_a_branch_may_go_round_until_an_error_ends_it() -> None:
    branch = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "A"}}}
    states = {"P": {"Type": "Parallel", "Branches": [branch], "End": True}}
    assert said({"StartAt": "P", "States": states}) == ""


def test_every_row_and_group_is_about_objects_and_fields_that_exist() -> None:
    nested = {"Machine", "Branch", "ItemProcessor", "ChoiceRule", "NestedRule"}
    for row in ROWS:
        named = getattr(getattr(row.kind, "kind", row.kind), "owner", None)
        nested |= {named} if named else set()
    assert set(FIELDS) == nested | set(STATE_TYPES)
    for group in GROUPS:
        for owner in group.owners.split():
            assert set(group.names) & FIELDS[owner].keys()


def filled(value: Any, key: str = "") -> Any:
    """A sample as it is deployed: with a function's ARN, or some word, for each placeholder."""
    match value:
        case str() if key == "Resource" and value.startswith("${"):
            return "arn:aws:lambda:us-east-1:123456789012:function:f"
        case str():
            return re.sub(r"\$\{\w+\}", "word", value)
        case list():
            return [filled(item) for item in value]
        case dict():
            return {name: filled(item, name) for name, item in value.items()}
    return value


def sample(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    parse: Callable[[str], Any] = json.loads if path.suffix == ".json" else yaml.safe_load
    value: dict[str, Any] = filled(parse(text))
    return value


@pytest.mark.skipif(not SAMPLES, reason="the samples are not there")
def test_real_definitions_have_no_errors() -> None:
    for path in SAMPLES:
        told = {each for each in lint(sample(path)) if each.severity is Severity.ERROR}
        assert not told, path.name


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, float("inf"), "", "$", "{% x %}", "A", [], [[]], [None], {}, {"a": 1}]
).map(copy.deepcopy)
NAMES = st.sampled_from(sorted({row.name for row in ROWS}))


def everything_in(value: Any) -> Iterator[Any]:
    """All its lists and mappings."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict | list) and item:
            yield item
            waiting += item.values() if isinstance(item, dict) else item


@pytest.mark.skipif(not SAMPLES, reason="the samples are not there")
@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_definition_is_too_wrong_to_be_checked(data: st.DataObject) -> None:
    definition = sample(data.draw(st.sampled_from(SAMPLES)))
    for _ in range(data.draw(st.integers(1, 8))):
        mutate(data, data.draw(st.sampled_from(list(everything_in(definition)))))
    for each in lint(definition, is_express=data.draw(st.booleans())):
        assert each.code in RULES
        assert each.message
        assert each.remedy
        assert not (each.message + each.remedy).endswith(".")


def mutate(data: st.DataObject, holder: Any) -> None:
    """Take a member away, put another in its place, or add one under a name of the language."""
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = data.draw(st.sampled_from(keys))
    match data.draw(st.sampled_from(["delete", "replace", "copy", "add"])):
        case "delete" if len(keys) > 1:
            del holder[key]
        case "copy":
            holder[key] = copy.deepcopy(holder[data.draw(st.sampled_from(keys))])
        case "add" if isinstance(holder, dict):
            holder[data.draw(NAMES)] = data.draw(JUNK)
        case _:
            holder[key] = data.draw(JUNK)


@pytest.mark.parametrize("last", ["S{}", "nowhere"])
def test_ten_times_the_states_take_ten_times_the_work(last: str) -> None:
    def definition(size: int) -> dict[str, Any]:
        states = {
            f"S{number:03}": read(
                f"Type: Task, <function>, Retry: [{{ErrorEquals: [E]}}], Next: S{number + 1:03},"
                f" Catch: [{{ErrorEquals: [States.ALL], Next: {last.format(number)}}}]"
            )
            for number in range(size)
        }
        return {"StartAt": "S000", "States": {**states, f"S{size:03}": {"Type": "Succeed"}}}

    small, large = definition(40), definition(400)
    lint(small)
    assert calls(lambda: lint(large)) <= 12 * calls(lambda: lint(small))
