"""Sound definitions in YAML, with JSONata, with variables, and as large as life."""

from __future__ import annotations

from asl.corpus_cases import cases

_TEXT = r"""
=== a smallest JSONata machine | whole
QueryLanguage: JSONata
StartAt: A
States:
  A:
    Type: Succeed
    Output: '{% $states.input %}'
=== outputs of each kind | jsonata
A: {Type: Pass, Output: 5, Next: B}
B: {Type: Pass, Output: null, Next: C}
C: {Type: Pass, Output: [1, '{% $states.input %}', {x: '{% true %}'}], Next: D}
D: {Type: Pass, Output: plain text, Next: E}
E: {Type: Succeed, Output: false}
=== a Wait, a Choice and a Fail in JSONata | jsonata
A: {Type: Wait, Seconds: '{% $states.input.delay %}', Output: '{% $states.input %}', Next: B}
B: {Type: Wait, Timestamp: '{% $states.input.at %}', Assign: {waited: true}, Next: C}
C:
  Type: Choice
  Assign: {checked: true}
  Output: {checked: true}
  Choices:
  - Condition: '{% $waited and $states.input.total > 5 %}'
    Assign: {large: '{% $states.input.total > 100 %}'}
    Output: '{% $states.input.order %}'
    Comment: a rule may do all of this
    Next: D
  - {Condition: true, Next: D}
  Default: D
D:
  Type: Fail
  Error: '{% $states.input.error %}'
  Cause: "{% 'because of ' & $string($states.context.Execution.Name) %}"
=== several lines of JSONata | jsonata
A:
  Type: Pass
  Output: |-
    {%
      (
        $orders := $states.input.orders[state = 'open'];
        $total := function($list) { $sum($list.(price * quantity)) };
        /* what is left to pay */
        { "count": $count($orders), "total": $total($orders) }
      )
    %}
  End: true
=== two languages in one machine | whole
StartAt: A
States:
  A: {Type: Pass, Parameters: {id.$: $.id}, Next: B}
  B:
    Type: Parallel
    QueryLanguage: JSONata
    Arguments: {id: '{% $states.input.id %}'}
    Branches:
    - StartAt: C
      States:
        C: {Type: Pass, ResultPath: $.x, Next: D}
        D: {Type: Pass, QueryLanguage: JSONata, Output: '{% $states.input.x %}', End: true}
    Output: '{% $states.result[0] %}'
    Next: E
  E: {Type: Pass, QueryLanguage: JSONPath, OutputPath: $.y, End: true}
=== variables seen from inside | jsonata
A: {Type: Pass, Assign: {rate: 1.2, list: [1, 2], café_1: x}, Next: B}
B:
  Type: Map
  Items: '{% $list %}'
  ItemProcessor:
    StartAt: C
    States:
      C: {Type: Pass, Assign: {price: '{% $states.input * $rate %}'}, Next: D}
      D: {Type: Pass, Output: '{% $price & $café_1 %}', End: true}
  Next: E
E:
  Type: Parallel
  Branches:
  - {StartAt: F, States: {F: {Type: Pass, Assign: {own: 1}, End: true}}}
  - {StartAt: G, States: {G: {Type: Pass, Assign: {own: 2}, End: true}}}
  End: true
=== variables under JSONPath
A:
  Type: Pass
  Assign: {order.$: $.order, ids.$: '$.items[*].id', plain: 5, context.$: $$.Execution.Id}
  Next: B
B:
  Type: Pass
  Parameters: {id.$: $order.id, first.$: '$ids[0]', all.$: $ids, n.$: 'States.MathAdd($plain, 1)'}
  InputPath: $order
  Next: C
C: {Type: Wait, SecondsPath: $plain, Next: D}
D: {Type: Pass, Assign: {plain.$: 'States.MathAdd($plain, 1)'}, OutputPath: $order.id, End: true}
=== an error caught by what it says | jsonata
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke
  Arguments: {FunctionName: orders, Payload: '{% $states.input %}'}
  TimeoutSeconds: '{% $states.input.timeout %}'
  Catch:
  - ErrorEquals: [OutOfStock]
    Assign: {cause: '{% $states.errorOutput.Cause %}'}
    Output: '{% $merge([$states.input, {"error": $states.errorOutput.Error}]) %}'
    Next: B
  - ErrorEquals: [States.QueryEvaluationError]
    Next: B
  Output: {body: '{% $states.result.Payload %}'}
  Assign: {status: '{% $states.result.StatusCode %}'}
  Next: B
B: {Type: Succeed}
=== a distributed Map in JSONata with all of its fields | jsonata
A:
  Type: Map
  Label: all
  Items: [1, '{% $states.input.two %}', 3]
  ItemSelector: {value: '{% $states.context.Map.Item.Value %}', day: '{% $states.input.day %}'}
  ItemBatcher: {MaxItemsPerBatch: '{% $states.input.size %}', BatchInput: {day: '{% $now() %}'}}
  MaxConcurrency: '{% $states.input.n %}'
  ToleratedFailurePercentage: '{% $states.input.percent %}'
  ToleratedFailureCount: 0
  ItemProcessor:
    ProcessorConfig: {Mode: DISTRIBUTED, ExecutionType: EXPRESS}
    StartAt: B
    States: {B: {Type: Pass, Output: '{% $states.input.Items %}', End: true}}
  ResultWriter:
    Resource: arn:aws:states:::s3:putObject
    Arguments: {Bucket: results, Prefix: "{% 'day-' & $states.input.day %}"}
    WriterConfig: {OutputType: JSON, Transformation: COMPACT}
  Output: '{% $states.result.ResultWriterDetails %}'
  End: true
=== a loop over a variable | jsonata
A: {Type: Pass, Assign: {n: 0}, Next: B}
B:
  Type: Choice
  Choices: [{Condition: '{% $n < 10 %}', Assign: {n: '{% $n + 1 %}'}, Next: C}]
  Default: D
C: {<task>, Arguments: '{% $n %}', Output: '{% $states.result %}', Next: B}
D: {Type: Succeed, Output: '{% {"n": $n} %}'}
=== a variable set in every rule and read after all | jsonata
A:
  Type: Choice
  Choices:
  - {Condition: '{% $states.input.a %}', Assign: {kind: a}, Next: B}
  - {Condition: "{% $states.input.b = 'yes' %}", Assign: {kind: b}, Next: B}
  Assign: {kind: other}
  Default: B
B: {Type: Pass, Output: "{% $kind & '!' %}", End: true}
=== names that JSONata makes itself | jsonata
A:
  Type: Pass
  Output: >-
    {% ($double := function($x) { $x * 2 }; $map($states.input.list, $double)) %}
  Assign:
    low: '{% $min($states.input.list[$ > 0]) %}'
    all: '{% $each($states.input, function($value, $key) { $key & $string($value) }) %}'
    sifted: '{% $sift($states.input, λ($v) { $v > 0 }) %}'
    largest: "{% $states.input.orders[$max($states.input.orders.total) = total] %}"
  End: true
=== the context of JSONata inside a path | jsonata
A:
  Type: Pass
  Output:
    self: '{% $states.input.list.($ * 2) %}'
    filter: '{% $states.input.list[$ > 5] %}'
    object: '{% $states.input.orders.{"id": id, "n": $count(items)} %}'
    inner: '{% $states.input.orders[items[0].price > 5] %}'
    root: '{% $states.input.orders.items[price = $states.input.price] %}'
  End: true
=== a result read in every place that may | jsonata
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::dynamodb:getItem
  Arguments:
    TableName: orders
    Key: {id: {S: '{% $states.input.id %}'}}
  Assign: {item: '{% $states.result.Item %}'}
  Output: '{% $states.result.Item.total.N %}'
  Next: B
B:
  Type: Map
  Items: '{% $states.input.items %}'
  <inline>
  Assign: {all: '{% $states.result %}'}
  Output: '{% $count($states.result) %}'
  End: true
=== seconds and percents computed | jsonata
A:
  <task>
  TimeoutSeconds: '{% $states.input.timeout + 60 %}'
  HeartbeatSeconds: '{% $states.input.timeout %}'
  Next: B
B: {Type: Wait, Seconds: 5, Next: C}
C: {Type: Wait, Timestamp: '2030-01-01T00:00:00Z', End: true}
=== items of a mapping, each with its key | jsonata
A:
  Type: Map
  Items: {a: 1, b: '{% $states.input.b %}'}
  ItemSelector: '{% $states.context.Map.Item.Value %}'
  MaxConcurrency: 3
  <inline>
  End: true
=== a reader computed in JSONata | jsonata
A:
  Type: Map
  <distributed>
  ItemReader:
    Resource: arn:aws:states:::s3:getObject
    ReaderConfig:
      InputType: CSV
      CSVHeaderLocation: FIRST_ROW
      CSVDelimiter: TAB
      MaxItems: '{% $states.input.most %}'
    Arguments: {Bucket: '{% $states.input.bucket %}', Key: '{% $states.input.key %}'}
  End: true
=== texts that only look like JSONata | jsonata
A:
  Type: Task
  Comment: '{% phone %}'
  Resource: arn:aws:lambda:eu-west-1:123456789012:function:orders
  Retry: [{ErrorEquals: ['{% phone %}']}]
  Next: B
B: {Type: Pass, Comment: '{% ', Output: 'a {% b %} c', End: true}
=== a whole payload in one expression | jsonata
A:
  Type: Task
  <retry>
  Resource: arn:aws:states:::lambda:invoke
  Arguments:
    FunctionName: orders
    Payload: >-
      {% ($trace := ($states.context.**._trace)[0];
      $inner := ($parse($parse(($states.context.**.body)[0]).**._trace.Value))[0];
      $trace := $exists($inner) ? $inner : $trace;
      $head := $exists($trace.`x-id`) ? {'x-id': $trace.`x-id`} : {'id': $trace.id};
      $rest := $sift($states.context.Execution, function($v, $k) { $k != 'Input' });
      $merge([$states.context, {'Execution': $rest}, $head, {'v': 'v1'}])) %}
  End: true
=== names inside of a filter inside of a map | jsonata
A:
  Type: Pass
  Output: >-
    {% $map($states.input.bodies, function($body) {
    $parse($body).Records.s3.('s3://' & bucket.name & '/' & object.key) }) %}
  End: true
=== dollars inside of strings and patterns | jsonata
A:
  Type: Pass
  Output: "{% $replace($states.input.text, /\\$nobody (.*)$/, '$1 of $nobody') & \"$$ $x\" %}"
  End: true
=== JSONPath said outright
A: {Type: Pass, QueryLanguage: JSONPath, Parameters: {x.$: $.x}, Next: B}
B:
  Type: Map
  QueryLanguage: JSONPath
  ItemsPath: $.items
  ItemProcessor:
    StartAt: C
    States: {C: {Type: Succeed, QueryLanguage: JSONPath, OutputPath: $.x}}
  End: true
=== what S3 sends, read and branched upon | whole
Comment: Files that arrive are copied, images are looked at
StartAt: Read the event
TimeoutSeconds: 900
States:
  Read the event:
    Type: Pass
    Parameters:
      bucket.$: $.detail.bucket.name
      key.$: $.detail.object.key
      parts.$: States.StringSplit($.detail.object.key, '/.')
    Next: What is it
  What is it:
    Type: Choice
    Choices:
    - Or:
      - {Variable: $.key, StringMatches: '*.jpg'}
      - {Variable: $.key, StringMatches: '*.png'}
      Next: Look at it
    - {Variable: $.key, StringMatches: '*/', Next: A folder}
    Default: Copy it
  A folder:
    Type: Succeed
  Look at it:
    Type: Task
    Resource: arn:aws:states:::aws-sdk:rekognition:detectLabels
    Parameters:
      Image: {S3Object: {Bucket.$: $.bucket, Name.$: $.key}}
      MaxLabels: 10
    ResultSelector: {names.$: '$.Labels[*].Name', sure.$: '$.Labels[?(@.Confidence > 90.5)].Name'}
    ResultPath: $.labels
    Retry:
    - ErrorEquals: [Rekognition.ThrottlingException, Rekognition.InternalServerErrorException]
      IntervalSeconds: 1
      MaxAttempts: 5
      BackoffRate: 1.5
      JitterStrategy: FULL
    Catch:
    - ErrorEquals: [Rekognition.InvalidImageFormatException]
      ResultPath: $.error
      Next: Copy it
    Next: Note it
  Note it:
    Type: Task
    Resource: arn:aws:states:::dynamodb:putItem
    Parameters:
      TableName: labels
      Item:
        id: {S.$: "States.Format('{}#{}', $.bucket, $.key)"}
        names: {SS.$: $.labels.names}
    ResultPath: null
    <retry>
    Next: Copy it
  Copy it:
    Type: Task
    Resource: arn:aws:states:::aws-sdk:s3:copyObject
    Parameters:
      Bucket: archive
      Key.$: $.key
      CopySource.$: States.Format('{}/{}', $.bucket, $.key)
    <retry>
    End: true
=== an approval by people, with a reminder | whole
StartAt: Ask
States:
  Ask:
    Type: Parallel
    Branches:
    - StartAt: Send the question
      States:
        Send the question:
          Type: Task
          Resource: arn:aws:states:::sns:publish.waitForTaskToken
          Parameters:
            TopicArn: arn:aws:sns:eu-west-1:123456789012:approvals
            Subject: Please approve
            Message.$: States.Format('token {}', $$.Task.Token)
          TimeoutSeconds: 86400
          <retry>
          Next: Answered
        Answered: {Type: Fail, Error: Answered}
    - StartAt: Wait a day
      States:
        Wait a day: {Type: Wait, Seconds: 86400, Next: Remind}
        Remind:
          Type: Task
          Resource: arn:aws:states:::aws-sdk:sesv2:sendEmail
          Parameters:
            Destination: {ToAddresses.$: States.Array($.mail)}
            Content: {Simple: {Subject: {Data: Reminder}, Body: {Text: {Data: Please answer}}}}
          <retry>
          Next: Wait a day
    Catch:
    - {ErrorEquals: [Answered], ResultPath: null, Next: Done}
    - {ErrorEquals: [States.Timeout], ResultPath: null, Next: Too late}
    Next: Done
  Too late: {Type: Fail, Error: TooLate, Cause: nobody answered}
  Done: {Type: Succeed}
=== a lock that is tried for, held and given back | whole
QueryLanguage: JSONata
StartAt: Take
States:
  Take:
    Type: Task
    Resource: arn:aws:states:::dynamodb:updateItem
    Arguments:
      TableName: locks
      Key: {id: {S: orders}}
      UpdateExpression: SET #h = :me
      ConditionExpression: attribute_not_exists(#h)
      ExpressionAttributeNames: {'#h': holder}
      ExpressionAttributeValues: {':me': {S: '{% $states.context.Execution.Id %}'}}
    Retry:
    - {ErrorEquals: [DynamoDB.ConditionalCheckFailedException], IntervalSeconds: 5, MaxAttempts: 60}
    - {ErrorEquals: [States.ALL]}
    Output: '{% $states.input %}'
    Next: Work
  Work:
    Type: Task
    Resource: arn:aws:states:::states:startExecution.sync:2
    Arguments:
      StateMachineArn: arn:aws:states:eu-west-1:123456789012:stateMachine:work
      Input: '{% $merge([$states.input, {"lock": "orders"}]) %}'
    <retry>
    Assign: {failure: null}
    Catch:
    - {ErrorEquals: [States.ALL], Assign: {failure: '{% $states.errorOutput %}'}, Next: Give back}
    Next: Give back
  Give back:
    Type: Task
    Resource: arn:aws:states:::dynamodb:deleteItem
    Arguments: {TableName: locks, Key: {id: {S: orders}}}
    <retry>
    Next: How was it
  How was it:
    Type: Choice
    Choices:
    - {Condition: '{% $failure != null %}', Next: Badly}
    Default: Well
  Badly: {Type: Fail, Error: '{% $failure.Error %}', Cause: '{% $failure.Cause %}'}
  Well: {Type: Succeed}
"""

SOUND_JSONATA = tuple(cases(_TEXT, ".yaml"))
