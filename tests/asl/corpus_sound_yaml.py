"""Sound definitions in YAML, of which nothing is to be said; corpus_cases tells the form."""

from __future__ import annotations

from asl.corpus_cases import cases

_TEXT = r"""
=== the smallest one | whole
StartAt: A
States: {A: {Type: Succeed}}
=== every field of a machine | whole
Comment: all of them
Version: '1.0'
QueryLanguage: JSONPath
TimeoutSeconds: 3600
StartAt: A
States:
  A: {Type: Pass, End: true}
=== a machine without a limit of time | whole
TimeoutSeconds: 0
StartAt: A
States: {A: {Type: Pass, End: true}}
=== every field of a Pass
A:
  Type: Pass
  Comment: all of them
  InputPath: $.order
  Parameters: {id.$: $.id, source: web}
  ResultPath: $.meta
  OutputPath: $.meta
  Assign: {id.$: $.id}
  Next: B
B: {Type: Pass, Result: [1, 2, null, {x: true}], End: true}
=== nothing comes in, nothing goes out
A: {Type: Pass, InputPath: null, OutputPath: null, ResultPath: null, End: true}
=== a Result of each kind
A: {Type: Pass, Result: text, Next: B}
B: {Type: Pass, Result: 5.5, Next: C}
C: {Type: Pass, Result: null, Next: D}
D: {Type: Pass, Result: false, Next: E}
E: {Type: Pass, Result: {}, End: true}
=== every field of a Task
A:
  Type: Task
  Comment: all of them
  Resource: arn:aws:states:::lambda:invoke
  InputPath: $
  Parameters: {FunctionName: 'orders:live', Payload.$: $, Qualifier: '3'}
  ResultSelector: {body.$: $.Payload, status.$: $.StatusCode}
  ResultPath: $.result
  OutputPath: $.result.body
  TimeoutSeconds: 60
  HeartbeatSeconds: 20
  Credentials: {RoleArn: 'arn:aws:iam::123456789012:role/other'}
  Assign: {last.$: $.Payload}
  Retry:
  - ErrorEquals: [Lambda.TooManyRequestsException, Lambda.ServiceException]
    Comment: the service is busy
    IntervalSeconds: 2
    MaxAttempts: 6
    BackoffRate: 2
    MaxDelaySeconds: 60
    JitterStrategy: FULL
  - {ErrorEquals: [States.Timeout], MaxAttempts: 0}
  - {ErrorEquals: [States.ALL], IntervalSeconds: 0, BackoffRate: 1.0, JitterStrategy: NONE}
  Catch:
  - {ErrorEquals: [OutOfStock, States.Permissions], ResultPath: $.error, Next: B}
  - {ErrorEquals: [States.DataLimitExceeded], ResultPath: null, Next: B}
  - {ErrorEquals: [States.ALL], Comment: the rest, Assign: {cause.$: $.Cause}, Next: B}
  Next: B
B: {Type: Succeed, InputPath: $.order, OutputPath: $.id}
=== times and places from the input
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:eu-west-1:123456789012:activity:approve
  TimeoutSecondsPath: $.timeout
  HeartbeatSecondsPath: $.heartbeat
  Next: B
B: {Type: Wait, SecondsPath: $.delay, Next: C}
C: {Type: Wait, TimestampPath: '$.times[0]', End: true}
=== a token in all that is sent, and in the input
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken
  Parameters: {QueueUrl: q, MessageBody.$: 'States.JsonMerge($$, $.x, false)'}
  Next: B
B:
  Type: Task
  <retry>
  Resource: arn:aws:states:::ecs:runTask.waitForTaskToken
  InputPath: $$.Task
  Parameters: {TaskDefinition: d, Overrides: {token.$: $.Token}}
  End: true
=== parameters of every type
A: {Type: Pass, Parameters: [{id.$: $$.Execution.Id}], Next: B}
B: {Type: Pass, Parameters: null, Next: C}
C: {Type: Parallel, Parameters: 5, Branches: [{StartAt: E, States: {E: {<pass>}}}], Next: D}
D: {Type: Map, ItemSelector: [1], ItemBatcher: {BatchInput: x}, <distributed>, End: true}
=== timestamps as RFC 3339 has them
A: {Type: Wait, Timestamp: '2030-01-01T00:00:00Z', Next: B}
B: {Type: Wait, Timestamp: '2030-01-01T00:00:00.123Z', End: true}
=== a Wait for no time, and a long one
A: {Type: Wait, Seconds: 0, Next: B}
B: {Type: Wait, Seconds: 99999999, Comment: three years, End: true}
=== every way to fail
A:
  Type: Choice
  Choices:
  - {Variable: $.n, NumericEquals: 1, Next: B}
  - {Variable: $.n, NumericEquals: 2, Next: C}
  - {Variable: $.n, NumericEquals: 3, Next: D}
  Default: E
B: {Type: Fail}
C: {Type: Fail, Error: Broken, Cause: It broke}
D: {Type: Fail, ErrorPath: $.Error, CausePath: $.Cause}
E: {Type: Fail, ErrorPath: "States.Format('{}', $.Error)", CausePath: States.JsonToString($.Cause)}
=== comparisons of strings
A:
  Type: Choice
  Choices:
  - {Variable: $.s, StringEquals: x, Next: B}
  - {Variable: $.s, StringEqualsPath: $.t, Next: B}
  - {Variable: $.s, StringLessThan: x, Next: B}
  - {Variable: $.s, StringLessThanPath: $.t, Next: B}
  - {Variable: $.s, StringGreaterThan: x, Next: B}
  - {Variable: $.s, StringGreaterThanPath: $.t, Next: B}
  - {Variable: $.s, StringLessThanEquals: x, Next: B}
  - {Variable: $.s, StringLessThanEqualsPath: $.t, Next: B}
  - {Variable: $.s, StringGreaterThanEquals: '', Next: B}
  - {Variable: $.s, StringGreaterThanEqualsPath: $.t, Next: B}
  - {Variable: $.s, StringMatches: 'log-*-\\*.txt', Next: B}
  Default: B
B: {Type: Succeed}
=== comparisons of booleans, and what a value is
A:
  Type: Choice
  Choices:
  - {Variable: $.b, BooleanEquals: true, Next: B}
  - {Variable: $.b, BooleanEqualsPath: $.c, Next: B}
  - {Variable: $.x, IsNull: true, Next: B}
  - {Variable: $.x, IsPresent: false, Next: B}
  - {Variable: $.x, IsNumeric: true, Next: B}
  - {Variable: $.x, IsString: false, Next: B}
  - {Variable: $.x, IsBoolean: true, Next: B}
  - {Variable: $.x, IsTimestamp: true, Next: B}
  Default: B
B: {Type: Succeed}
=== rules inside rules
A:
  Type: Choice
  InputPath: $.order
  OutputPath: $.order
  Assign: {checked: true}
  Choices:
  - And:
    - {Variable: $.id, IsPresent: true}
    - Not: {Variable: $.id, StringEquals: ''}
    - Or:
      - {Variable: '$.items[0]', IsString: true}
      - And: [{Variable: $.price, NumericGreaterThan: 0}, {Variable: $.price, IsNumeric: true}]
    Comment: all is there
    Assign: {known: true}
    Next: B
  Default: C
B: {Type: Succeed}
C: {Type: Fail}
=== a choice by context, by variable and by element
A:
  Type: Pass
  Assign: {limit: 5, names: [x, y]}
  Next: B
B:
  Type: Choice
  Choices:
  - {Variable: $$.State.RetryCount, NumericGreaterThan: 1, Next: C}
  - {Variable: $limit, NumericLessThanEqualsPath: $.n, Next: C}
  - {Variable: '$names[0]', StringEqualsPath: $$.Execution.Input.name, Next: C}
  - {Variable: "$['odd name'].x", IsPresent: true, Next: C}
  Default: C
C: {Type: Succeed}
=== a loop that counts
A:
  Type: Pass
  Parameters: {n.$: 'States.MathAdd($.n, 1)'}
  Next: B
B:
  Type: Choice
  Choices: [{Variable: $.n, NumericLessThan: 10, Next: A}]
  Default: C
C: {Type: Succeed}
=== a Task that waits for itself
A:
  <task>
  Catch: [{ErrorEquals: [Busy], Next: A}]
  Next: B
B: {Type: Succeed}
=== branches of one and of many states
A:
  Type: Parallel
  Comment: all of its fields
  InputPath: $.order
  Parameters: {id.$: $.id}
  ResultSelector: {first.$: '$[0]', 'both.$': '$[0,1]'}
  ResultPath: $.done
  OutputPath: $
  Assign: {first.$: '$[0]'}
  Branches:
  - {StartAt: B, Comment: the short one, States: {B: {Type: Succeed}}}
  - StartAt: C
    States:
      C: {Type: Wait, Seconds: 1, Next: D}
      D:
        Type: Choice
        Choices: [{Variable: $.x, IsPresent: true, Next: E}]
        Default: F
      E: {Type: Fail, Error: X}
      F: {Type: Pass, End: true}
  Retry: [{ErrorEquals: [States.BranchFailed], MaxAttempts: 1}]
  Catch: [{ErrorEquals: [States.ALL], ResultPath: $.error, Next: G}]
  Next: G
G: {Type: Succeed}
=== branches in branches in branches
A:
  Type: Parallel
  End: true
  Branches:
  - StartAt: B
    States:
      B:
        Type: Parallel
        End: true
        Branches:
        - StartAt: C
          States:
            C:
              Type: Parallel
              End: true
              Branches: [{StartAt: D, States: {D: {Type: Map, <inline>, End: true}}}]
=== an inline Map with all of its fields
A:
  Type: Map
  Comment: all of them
  InputPath: $.order
  ItemsPath: $.items
  ItemSelector: {item.$: $$.Map.Item.Value, index.$: $$.Map.Item.Index, id.$: $.id}
  MaxConcurrency: 0
  ItemProcessor:
    Comment: one item
    ProcessorConfig: {Mode: INLINE}
    StartAt: B
    States:
      B: {<task>, End: true}
  ResultSelector: {count.$: States.ArrayLength($)}
  ResultPath: $.items
  OutputPath: $.items
  Assign: {done: true}
  Retry: [{ErrorEquals: [States.ALL]}]
  Catch: [{ErrorEquals: [States.ALL], Next: C}]
  Next: C
C: {Type: Succeed}
=== the older words of a Map
A:
  Type: Map
  Parameters: {item.$: $$.Map.Item.Value}
  ItemsPath: $.items
  MaxConcurrency: 40
  Iterator:
    StartAt: B
    States: {B: {Type: Pass, End: true}}
  End: true
=== items of the context object, of a variable, and as many as the input says
A: {Type: Pass, Assign: {orders: [1, 2]}, Next: B}
B: {Type: Map, ItemsPath: $orders, <inline>, ResultPath: null, Next: C}
C:
  Type: Map
  ItemsPath: $$.Execution.Input.items
  MaxConcurrencyPath: $.concurrency
  Iterator: {StartAt: D, States: {D: {Type: Pass, End: true}}}
  End: true
=== a Map over the objects of a bucket
A:
  Type: Map
  Label: orders-of-today
  ItemReader:
    Resource: arn:aws:states:::s3:listObjectsV2
    ReaderConfig: {MaxItems: 1000}
    Parameters: {Bucket.$: $.bucket, Prefix.$: "States.Format('{}/', $.day)"}
  ItemBatcher: {MaxItemsPerBatch: 10, MaxInputBytesPerBatch: 262144, BatchInput: {day.$: $.day}}
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}
    StartAt: B
    States: {B: {<task>, End: true}}
  MaxConcurrency: 1000
  ToleratedFailurePercentage: 5.5
  ToleratedFailureCount: 10
  ResultWriter:
    Resource: arn:aws:states:::s3:putObject
    Parameters: {Bucket: results, Prefix.$: $.day}
  End: true
=== a Map over a CSV file with headers of its own
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig:
      InputType: CSV
      CSVHeaderLocation: GIVEN
      CSVHeaders: [id, name]
      CSVDelimiter: PIPE
      MaxItemsPath: $.most
    Parameters: {Bucket: orders, Key.$: $.key, VersionId.$: $.version}
  End: true
=== a Map over a list inside a JSON file
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: JSON, ItemsPointer: /orders/today}
    Parameters: {Bucket: orders, Key: day.json, ExpectedBucketOwner: '123456789012'}
  ResultWriter: {WriterConfig: {OutputType: JSONL, Transformation: FLATTEN}}
  End: true
=== a Map over lines and over columns
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: JSONL}
    Parameters: {Bucket: orders, Key: day.jsonl}
  Next: B
B:
  Type: Map
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: PARQUET}
    Parameters: {Bucket: orders, Key: day.parquet}
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}
    StartAt: C
    States: {C: {Type: Pass, End: true}}
  End: true
=== a Map over an inventory
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: MANIFEST}
    Parameters: {Bucket: orders, Key: manifest.json}
  Next: B
B:
  Type: Map
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {ManifestType: S3_INVENTORY}
    Parameters: {Bucket: orders, Key: manifest.json}
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
    StartAt: C
    States: {C: {Type: Pass, End: true}}
  End: true
=== a Map over what Athena unloaded, in all the objects | jsonata
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {ManifestType: ATHENA_DATA, InputType: JSONL}
    Arguments: {Bucket: results, Key: manifest.csv}
  Next: B
B:
  Type: Map
  ItemReader:
    Resource: arn:aws:states:::s3:listObjectsV2
    ReaderConfig: {InputType: JSON, Transformation: LOAD_AND_FLATTEN}
    Arguments: {Bucket: '{% $states.input.bucket %}', Prefix: orders/}
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
    StartAt: C
    States: {C: {Type: Pass, End: true}}
  End: true
=== limits of a distributed Map from its input
A:
  Type: Map
  <distributed>
  ItemsPath: $.items
  MaxConcurrencyPath: $.n
  ToleratedFailurePercentagePath: $.percent
  ToleratedFailureCountPath: $.count
  ItemBatcher: {MaxItemsPerBatchPath: $.size, MaxInputBytesPerBatchPath: $.bytes}
  End: true
=== a Map in a Map, each with executions of its own
A:
  Type: Map
  Label: days
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
    StartAt: B
    States:
      B: {Type: Map, Label: hours, <distributed>, End: true}
  End: true
=== an inline Map in EXPRESS | express
A: {Type: Map, ItemsPath: $.items, <inline>, End: true}
=== a message in EXPRESS | express
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::sns:publish
  Parameters: {TopicArn: 'arn:aws:sns:eu-west-1:123456789012:orders', Message.$: $}
  End: true
=== .sync in a Map whose executions are STANDARD
A:
  Type: Map
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
    StartAt: B
    States:
      B:
        Type: Task
        <retry>
        Resource: arn:aws:states:::glue:startJobRun.sync
        Parameters: {JobName: orders, Arguments: {--day.$: $.day}}
        End: true
  End: true
=== text around placeholders of other tools, and dollars | jsonata
A:
  Type: Pass
  Output: {shell: 'echo $HOME', price: $5, json: '{"a": 1}', empty: '', end: '100 %}', brace: '{'}
  End: true
=== names in many scripts
A: {Type: Pass, Next: Überprüfen 🚀}
Überprüfen 🚀: {Type: Pass, Next: 注文を確認する}
注文を確認する: {Type: Pass, Next: 'state with spaces (and more) - #1?'}
'state with spaces (and more) - #1?': {Type: Pass, End: true}
=== a name of 80 characters
A:
  Type: Pass
  Next: éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé
éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé:
  Type: Succeed
=== text over many lines
A:
  Type: Fail
  Error: Broken
  Cause: >-
    All of this is one cause,
    written over two lines.
=== JSON within YAML | whole
{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "End": true}}}
=== comments, blank lines and quotes | whole
---
# the head
StartAt: "A"  # where it starts

States:
  'A':
    Type: "Pass"   # it passes

    Result: "yes"
    End: true
=== paths with filters, slices and unions
A:
  Type: Pass
  InputPath: $.orders[?(@.total > 10 && @.state == 'open')]
  Parameters:
    ids.$: $..id
    some.$: '$.items[1:3]'
    last.$: '$.items[-1:]'
    two.$: '$.items[0,2]'
    odd.$: "$['a key']['b.c']"
    all.$: $.items[*].name
    regex.$: $.items[?(@.name =~ /^x.*/i)]
    nested.$: $.items[?(@.tags[0] in ['a', 'b'])].id
    length.$: $.items.length()
    keys.$: $.*
  End: true
=== paths with names that are not words
A:
  Type: Pass
  Parameters:
    dash.$: $.detail.bucket-name
    unicode.$: $.größe.naïve
    under.$: $._private.x_1
    number.$: $.items[0][1].2nd
    quoted.$: '$["double"]["quotes"]'
  ResultPath: $['odd name'].result[0]
  End: true
=== a dot before a bracket, and quotes left out
A:
  Type: Pass
  Parameters:
    dotted.$: $.snapshots.[0].state
    first.$: $.[0].word
    every.$: $.[*].error
    checked.$: $.[?(@.antivirus)].antivirus
    bare.$: $[?(@.code==fr)].text
    outer.$: $.list[?(@.id == $.wanted)].name
    counted.$: $..lists[?(@.length == 1)]
    twice.$: $.folders.[*]*
    two.$: "$.['a b', 'c']"
  End: true
=== an intrinsic over several lines
A:
  Type: Pass
  Parameters:
    prefix.$: >-
      States.Format('{}/', States.ArrayGetItem(
      States.StringSplit($.detail.object.key , '/'), 0))
    json.$: >-
      States.StringToJson('{"field": "a value", "n": [1, 2]}')
    both.$: States.JsonMerge($$, $, false)
  End: true
=== a processor that never ends, which AWS takes
A:
  Type: Map
  ItemProcessor:
    StartAt: B
    States:
      B: {Type: Pass, Next: C}
      C: {Type: Wait, Seconds: 1, Next: B}
  End: true
=== a reader whose Map says nothing of its mode | allow=DISTRIBUTED_ONLY
A:
  Type: Map
  <inline>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: JSON}
    Parameters: {Bucket: orders, Key: day.json}
  End: true
=== a failure named by the context object
A: {Type: Fail, ErrorPath: $$.State.Name, CausePath: $$.StateMachine.Name}
=== an older processor whose items run as executions
A:
  Type: Map
  Label: orders
  Iterator:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}
    <inner>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {InputType: JSON}
    Parameters: {Bucket: orders, Key: day.json}
  ToleratedFailureCount: 1
  End: true
=== what Athena unloaded as CSV, which has no headers
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig: {ManifestType: ATHENA_DATA, InputType: CSV}
    Parameters: {Bucket: results, Key: manifest.csv}
  End: true
=== the context object, in all of its parts
A:
  Type: Pass
  Parameters:
    whole.$: $$
    id.$: $$.Execution.Id
    input.$: $$.Execution.Input.order['id']
    start.$: $$.Execution.StartTime
    state.$: $$.State.Name
    machine.$: $$.StateMachine.Name
  End: true
"""

SOUND_YAML = tuple(cases(_TEXT, ".yaml"))
