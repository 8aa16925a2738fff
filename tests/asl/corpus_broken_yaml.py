"""Broken definitions in YAML, one fault each; corpus_cases tells the form."""

from __future__ import annotations

from asl.corpus_cases import cases

_TEXT = r"""
=== a Task without a Resource
A: {Type: Task, <retry>, End: true}  # <-
=== a field that no state has
A:
  Type: Pass
  Coment: one m too few  # <-
  End: true
=== a field in the wrong case
A:
  Type: Pass
  resultPath: $.x  # <-
  End: true
=== a field that no definition has | whole
StartAt: A
Timeout: 5  # <-
States:
  A: {<pass>}
=== a type that does not exist
A:
  Type: Job  # <-
  End: true
=== a state of a branch without a type
A:
  Type: Parallel
  Branches:
  - StartAt: B
    States:
      B: {End: true}  # <-
  End: true
=== Retry on a Pass
A:
  Type: Pass
  Retry: [{ErrorEquals: [States.ALL]}]  # <-
  End: true
=== TimeoutSeconds on a Choice
A:
  Type: Choice
  TimeoutSeconds: 5  # <-
  Choices: [{Variable: $.x, IsPresent: true, Next: B}]
  Default: B
B: {Type: Succeed}
=== TimeoutSeconds on a Map
A:
  Type: Map
  TimeoutSeconds: 5  # <-
  <inline>
  End: true
=== ResultPath on a Wait
A:
  Type: Wait
  Seconds: 1
  ResultPath: $.x  # <-
  End: true
=== Next on a Choice
A:
  Type: Choice
  Choices: [{Variable: $.x, IsPresent: true, Next: B}]
  Default: B
  Next: B  # <-
B: {Type: Succeed}
=== Next on a Fail
A:
  Type: Choice
  Choices: [{Variable: $.x, IsPresent: true, Next: B}]
  Default: C
B:
  Type: Fail
  Next: C  # <-
C: {Type: Succeed}
=== Assign on a Succeed | jsonata
A:
  Type: Succeed
  Assign: {x: 1}  # <-
=== ResultSelector on a Pass
A:
  Type: Pass
  ResultSelector: {x.$: $.y}  # <-
  End: true
=== InputPath on a Fail
A:
  Type: Fail
  InputPath: $.x  # <-
=== End that is a string
A:
  Type: Pass
  End: 'true'  # <-
=== TimeoutSeconds that is a string
A:
  <task>
  TimeoutSeconds: '60'  # <-
  End: true
=== Branches that is a mapping
A:
  Type: Parallel
  Branches: {<inner>}  # <-
  End: true
=== MaxConcurrency that is a fraction
A:
  Type: Map
  MaxConcurrency: 1.5  # <-
  <inline>
  End: true
=== ErrorEquals that is a string
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: States.ALL  # <-
  End: true
=== both Next and End
A: {Type: Pass, Next: B, End: true}  # <-
B: {Type: Succeed}
=== neither Next nor End
A: {Type: Choice, Choices: [{Variable: $.x, IsPresent: true, Next: B}], Default: C}
B: {Type: Pass}  # <-
C: {Type: Succeed}
=== a Wait for two times
A: {Type: Wait, Seconds: 1, Timestamp: '2030-01-01T00:00:00Z', End: true}  # <-
=== a Wait for nothing
A: {Type: Wait, End: true}  # <-
=== both Error and ErrorPath
A: {Type: Fail, Error: Broken, ErrorPath: $.error}  # <-
=== both TimeoutSeconds and TimeoutSecondsPath
A: {<task>, TimeoutSeconds: 5, TimeoutSecondsPath: $.s, End: true}  # <-
=== both ItemProcessor and Iterator
A: {Type: Map, <inline>, Iterator: {StartAt: J, States: {J: {<pass>}}}, End: true}  # <-
=== a Map without a processor
A: {Type: Map, ItemsPath: $.items, End: true}  # <-
=== TimeoutSeconds of nothing
A:
  <task>
  TimeoutSeconds: 0  # <-
  End: true
=== a Wait below zero
A:
  Type: Wait
  Seconds: -1  # <-
  End: true
=== MaxAttempts below zero
A:
  Type: Task
  Resource: arn:aws:lambda:eu-west-1:123456789012:function:orders
  Retry:
  - ErrorEquals: [States.Timeout]
    MaxAttempts: -1  # <-
  End: true
=== a BackoffRate that goes down
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: [States.Timeout]
    BackoffRate: 0.5  # <-
  End: true
=== MaxDelaySeconds of nothing
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: [States.Timeout]
    MaxDelaySeconds: 0  # <-
  End: true
=== an unknown JitterStrategy
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: [States.Timeout]
    JitterStrategy: HALF  # <-
  End: true
=== a percentage over a hundred
A:
  Type: Map
  <distributed>
  ToleratedFailurePercentage: 101  # <-
  End: true
=== a label of 41 characters
A:
  Type: Map
  <distributed>
  Label: abcdefghijabcdefghijabcdefghijabcdefghijk  # <-
  End: true
=== a state name of 81 characters
A:
  Type: Pass
  Next: 12345678901234567890123456789012345678901234567890123456789012345678901234567890X
12345678901234567890123456789012345678901234567890123456789012345678901234567890X: {<pass>}  # <-
=== a timestamp without a zone
A:
  Type: Wait
  Timestamp: '2030-01-01T00:00:00'  # <-
  End: true
=== a timestamp of a thirteenth month
A:
  Type: Wait
  Timestamp: '2016-13-05T21:29:29Z'  # <-
  End: true
=== a timestamp of a twenty-sixth hour
A:
  Type: Wait
  Timestamp: '2016-12-05T25:29:29Z'  # <-
  End: true
=== a quote that is escaped in a function's text
A:
  Type: Pass
  Parameters:
    parsed.$: States.Format('He said, \"Hello, {}!\"', $.name)  # <-
  End: true
=== an error name without its last letter | warning
A:
  Type: Task
  Resource: arn:aws:lambda:eu-west-1:123456789012:function:f
  Retry:
  - ErrorEquals:
    - State.ALL  # <-
  End: true
=== an HTTP endpoint without TLS
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::http:invoke
  Parameters:
    ApiEndpoint: http://example.com/orders  # <-
    Method: GET
    Authentication: {ConnectionArn: 'arn:aws:events:eu-west-1:123456789012:connection/c/1'}
  End: true
=== an HTTP endpoint that is not computed
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::http:invoke
  Parameters:
    ApiEndpoint: States.Format('https://example.com/{}', $.id)  # <-
    Method: GET
    Authentication: {ConnectionArn: 'arn:aws:events:eu-west-1:123456789012:connection/c/1'}
  End: true
=== a query without its text
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::athena:startQueryExecution.sync
  Parameters: {WorkGroup: reports}  # <-
  End: true
=== a token that Batch may not take | warning
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::batch:submitJob.waitForTaskToken  # <-
  Parameters: {JobName: j, JobDefinition: d, JobQueue: q, Parameters: {token.$: $$.Task.Token}}
  End: true
=== a parameter of an integration in lower case | warning
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke
  Parameters:
    FunctionName: f
    payload.$: $  # <-
  End: true
=== a function whose qualifier is empty
A:
  Type: Task
  <retry>
  Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:f:'  # <-
  End: true
=== a percentage beyond 100 in an inline Map | allow=DISTRIBUTED_ONLY
A:
  Type: Map
  <inline>
  ToleratedFailurePercentage: 105  # <-
  End: true
=== a path with a dot at its end | warning
A:
  Type: Choice
  Choices:
  - Variable: $.flag.Payload.  # <-
    StringEquals: proceed
    Next: B
  Default: B
B: {Type: Succeed}
=== a reader of a list without its bucket
A:
  Type: Map
  <distributed>
  ItemReader:  # <-
    Resource: arn:aws:states:::s3:listObjectsV2
    Parameters: {Prefix: a}
  End: true
=== a writer without its bucket
A:
  Type: Map
  <distributed>
  ResultWriter:  # <-
    Resource: arn:aws:states:::s3:putObject
    Parameters: {Prefix: a}
  End: true
=== a reader with a field that is misspelt
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    Paramters: {Bucket: b, Key: k}  # <-
  End: true
=== a call with a field that is misspelt
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::sns:publish
  Paramters: {TopicArn: t, Message: m}  # <-
  End: true
=== a partition that there is not | warning
A:
  Type: Task
  <retry>
  Resource: arn:aw:states:::sns:publish  # <-
  Parameters: {TopicArn: t, Message: m}
  End: true
=== a way to wait for the SDK that there is not
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::aws-sdk:s3:getObject.sync:2  # <-
  Parameters: {Bucket: b, Key: k}
  End: true
=== an ItemReader that is computed | jsonata
A:
  Type: Map
  <distributed>
  ItemReader: '{% $states.input %}'  # <-
  End: true
=== a variable that is read twice | warning
A:
  Type: Pass
  Parameters:
    a.$: States.Format('{}{}', $$.Nmae, $$.Nmae)  # <-
  End: true
=== a query language in lower case | whole
StartAt: A
QueryLanguage: jsonata  # <-
States:
  A: {Type: Succeed}
=== States.ALL before another retrier
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: [States.ALL]  # <-
  - ErrorEquals: [States.Timeout]
  End: true
=== an empty ErrorEquals
A:
  Type: Parallel
  Branches: [{<inner>}]
  Catch:
  - ErrorEquals: []  # <-
    Next: B
  Next: B
B: {Type: Succeed}
=== a Catcher without Next
A:
  Type: Parallel
  Branches: [{<inner>}]
  Catch:
  - {ErrorEquals: [States.ALL]}  # <-
  End: true
=== Next in a retrier
A:
  Type: Parallel
  Branches: [{<inner>}]
  Retry:
  - ErrorEquals: [States.ALL]
    Next: B  # <-
  Next: B
B: {Type: Succeed}
=== StartAt names no state | whole
StartAt: B  # <-
States:
  A: {Type: Succeed}
=== Next names no state
A:
  <task>
  Catch: [{ErrorEquals: [States.ALL], Next: B}]
  Next: C  # <-
B: {Type: Succeed}
=== Default names no state
A:
  Type: Choice
  Choices: [{Variable: $.x, IsPresent: true, Next: B}]
  Default: b  # <-
B: {Type: Succeed}
=== a state that nothing leads to
A: {Type: Pass, End: true}
B: {Type: Pass, End: true}  # <-
=== Next leads out of a branch
A:
  Type: Parallel
  Branches:
  - StartAt: C
    States:
      C:
        Type: Choice
        Choices:
        - Variable: $.x
          IsPresent: true
          Next: B  # <-
        Default: D
      D: {Type: Succeed}
  Next: B
B: {Type: Succeed}
=== a state outside and one inside of the same name
A:
  Type: Parallel
  Branches:
  - StartAt: A
    States:
      A: {Type: Pass, End: true}  # <-
  End: true
=== a Map within a Parallel, and a state that nothing leads to
A:
  Type: Parallel
  Branches:
  - StartAt: B
    States:
      B:
        Type: Map
        ItemProcessor:
          StartAt: C
          States:
            C: {Type: Pass, End: true}
            D: {Type: Pass, End: true}  # <-
        End: true
  End: true
=== a branch without StartAt
A:
  Type: Parallel
  Branches:
  - {States: {B: {Type: Pass, End: true}}}  # <-
  End: true
=== no rule in a Choice
A:
  Type: Choice
  Choices: []  # <-
  Default: B
B: {Type: Succeed}
=== InputPath without a dollar
A:
  Type: Pass
  InputPath: order  # <-
  End: true
=== ResultPath with a wildcard
A:
  <task>
  ResultPath: $.items[*].result  # <-
  End: true
=== ResultPath into the context object
A:
  <task>
  ResultPath: $$.Execution.Input  # <-
  End: true
=== ResultPath into a variable
A:
  Type: Pass
  Assign: {order: 1}
  Next: B
B:
  <task>
  ResultPath: $order.result  # <-
  End: true
=== a path with an open bracket
A:
  Type: Pass
  InputPath: $.items[0  # <-
  End: true
=== a value that is no path under a key that says so
A:
  Type: Pass
  Parameters:
    order.$: order  # <-
  End: true
=== a path under a key that does not say so | warning
A:
  Type: Pass
  Parameters:
    order: $.order.id  # <-
  End: true
=== a path in a Result, which is never read | warning
A:
  Type: Pass
  Result:
    order.$: $.order.id  # <-
  End: true
=== an intrinsic that does not exist
A:
  Type: Pass
  Parameters:
    x.$: States.Concat($.a, $.b)  # <-
  End: true
=== MathAdd of one number
A:
  Type: Pass
  Parameters:
    x.$: States.MathAdd($.a)  # <-
  End: true
=== an intrinsic that is not closed
A:
  Type: Pass
  Parameters:
    x.$: States.Format('a {}', States.Array($.a)  # <-
  End: true
=== an argument too many, deep inside
A:
  Type: Map
  ItemProcessor:
    StartAt: B
    States:
      B:
        Type: Pass
        Parameters:
          list:
          - x.$: States.Array(States.UUID($.a))  # <-
        End: true
  End: true
=== a JSONata expression that is not closed | jsonata
A:
  Type: Pass
  Output: '{% $states.input.id'  # <-
  End: true
=== a JSONata expression that ends too early | jsonata
A:
  Type: Pass
  Output:
    total: '{% $states.input.a + %}'  # <-
  End: true
=== a space before a JSONata expression | jsonata warning
A:
  Type: Pass
  Output: ' {% $states.input.id %}'  # <-
  End: true
=== JSONata that reads from nowhere | jsonata
A:
  Type: Pass
  Output:
    phone: '{% phone %}'  # <-
  End: true
=== JSONata that evaluates text, which fails when it runs | jsonata warning
A:
  Type: Pass
  Output: '{% $eval("1 + 1") %}'  # <-
  End: true
=== the result before there is one | jsonata
A:
  <task>
  Arguments:
    id: '{% $states.result.id %}'  # <-
  End: true
=== Parameters under JSONata | jsonata
A:
  <task>
  Parameters: {id: 1}  # <-
  End: true
=== Output under JSONPath
A:
  Type: Pass
  Output: '{% 1 %}'  # <-
  End: true
=== Condition under JSONPath
A:
  Type: Choice
  Choices:
  - {Condition: '{% true %}', Next: B}  # <-
  Default: B
B: {Type: Succeed}
=== a JSONPath state in a JSONata machine | jsonata
A:
  Type: Pass
  QueryLanguage: JSONPath  # <-
  End: true
=== a query language of a processor
A:
  Type: Map
  ItemProcessor:
    QueryLanguage: JSONata  # <-
    <inner>
  End: true
=== a variable with a reserved name | jsonata
A:
  Type: Pass
  Assign:
    states: 1  # <-
  End: true
=== a variable set in two scopes | jsonata
A:
  Type: Pass
  Assign: {total: 0}
  Next: B
B:
  Type: Parallel
  Branches:
  - StartAt: C
    States:
      C:
        Type: Pass
        Assign:
          total: 1  # <-
        End: true
  End: true
=== an outer variable inside a distributed Map | jsonata
A:
  Type: Pass
  Assign: {total: 0}
  Next: B
B:
  Type: Map
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: STANDARD}
    StartAt: C
    States:
      C:
        Type: Pass
        Output: '{% $total + 1 %}'  # <-
        End: true
  End: true
=== Credentials without a role
A:
  <task>
  Credentials: {Role: arn:aws:iam::123456789012:role/x}  # <-
  End: true
=== Credentials of an activity
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:eu-west-1:123456789012:activity:orders
  Credentials: {RoleArn: arn:aws:iam::123456789012:role/x}  # <-
  End: true
=== an integration without its parameters
A: {Type: Task, <retry>, Resource: 'arn:aws:states:::lambda:invoke', End: true}  # <-
=== a call of the SDK without Parameters
A: {Type: Task, <retry>, Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets', End: true}  # <-
=== a call of the SDK without Arguments | jsonata
A: {Type: Task, <retry>, Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets', End: true}  # <-
=== a parameter of the SDK in lower case | warning
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::aws-sdk:s3:headBucket
  Parameters:
    bucket: orders  # <-
  End: true
=== a call over HTTP without its method
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::http:invoke
  Parameters: {ApiEndpoint: 'https://example.com/'}  # <-
  End: true
=== a token for a service that takes none
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::dynamodb:putItem.waitForTaskToken  # <-
  Parameters: {TableName: orders, Item: {id: {S.$: $$.Task.Token}}}
  End: true
=== a token that is not sent | warning
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke.waitForTaskToken  # <-
  Parameters: {FunctionName: orders, Payload: {id.$: $$.Execution.Id}}
  End: true
=== a token that is not sent by JSONata | jsonata warning
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke.waitForTaskToken  # <-
  Arguments: {FunctionName: orders, Payload: '{% $states.context.Execution & $states.input %}'}
  End: true
=== a reader of an object without its key
A:
  Type: Map
  <distributed>
  ItemReader:  # <-
    Resource: arn:aws:states:::s3:getObject
    Parameters: {Bucket: orders}
  End: true
=== an integration without a parameter that it needs
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::sqs:sendMessage
  Parameters: {MessageBody: hello}  # <-
  End: true
=== .sync of a service that has none
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke.sync  # <-
  Parameters: {FunctionName: orders}
  End: true
=== a ResultWriter that knows no bucket
A:
  Type: Map
  <distributed>
  ResultWriter: {Resource: 'arn:aws:states:::s3:putObject'}  # <-
  End: true
=== a key that stands twice
A:
  Type: Pass
  Comment: one
  End: true
  Comment: two  # <-
=== a state that stands twice, of which the first leads elsewhere
A: {Type: Pass, Next: C}
A: {Type: Pass, End: true}  # <-
C: {<pass>}
=== a Next that stands twice
A:
  Type: Pass
  Next: B
  Next: C  # <-
B: {<pass>}
C: {<pass>}
=== States that stand twice | whole
StartAt: A
States:
  A: {<pass>}
States:  # <-
  B: {<pass>}
=== a state whose name nothing is substituted for
A: {Type: Pass, Next: B}
'${B}': {<pass>}  # <-
=== a parameter whose name nothing is substituted for
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::sqs:sendMessage
  Parameters: {'${Queue}': orders, MessageBody: hello}  # <-
  End: true
=== a mode that nothing is substituted for
A:
  Type: Map
  ItemReader: {Resource: 'arn:aws:states:::s3:getObject', Parameters: {Bucket: b, Key: k}}
  ItemProcessor:
    ProcessorConfig:
      Mode: ${Mode}  # <-
      ExecutionType: STANDARD
    <inner>
  End: true
=== a variable whose name is computed
A:
  Type: Pass
  Assign: {'${Name}-x': 1}  # <-
  Next: B
B: {Type: Pass, Parameters: {'a.$': $count}, End: true}
=== a merge that may hold a Default
A:
  Type: Choice
  <<: {Default: B}  # <-
  Choices: [{Variable: $.a, IsPresent: true, Next: B}]
B: {<pass>}
=== a merge that may hold a Retry
A:
  Type: Task
  Resource: arn:aws:lambda:eu-west-1:123456789012:function:orders
  <<: {Comment: x}  # <-
  End: true
=== a transition by an alias
A:
  Type: Pass
  Next: *name  # <-
B: {<pass>}
=== a state whose name is a number
A: {Type: Pass, Next: '1'}
1: {<pass>}  # <-
=== a call of the SDK without an operation
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::aws-sdk:s3  # <-
  End: true
=== a version that is a number | whole
StartAt: A
Version: 1.0  # <-
States:
  A: {<pass>}
=== a bracket that is not closed
A: {Type: Pass, End: true
B: {Type: Pass, End: true}  # <-
=== a query language that is none, which AWS takes for JSONata | whole
StartAt: A
QueryLanguage: jsonpath  # <-
States:
  A: {Type: Pass, Output: '{% 1 %}', End: true}
=== a query language of a branch
A:
  Type: Parallel
  Branches:
  - QueryLanguage: JSONata  # <-
    <inner>
  End: true
"""

BROKEN_YAML = tuple(cases(_TEXT, ".yaml"))
