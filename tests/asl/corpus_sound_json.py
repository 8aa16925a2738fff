"""Sound definitions in JSON, of which nothing is to be said; corpus_cases tells the form."""

from __future__ import annotations

from asl.corpus_cases import cases

_TEXT = r"""
=== the smallest one, in one line | whole
{"StartAt":"A","States":{"A":{"Type":"Fail"}}}
=== unusual spaces | whole
{
    "States"   :   {

  "A"
  : { "End"
      : true, "Type":"Pass" }
    }
  , "StartAt"
    : "A"  }
=== comparisons of numbers
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.n", "NumericEquals": 5, "Next": "B"},
  {"Variable": "$.n", "NumericEqualsPath": "$.m", "Next": "B"},
  {"Variable": "$.n", "NumericLessThan": -1.5, "Next": "B"},
  {"Variable": "$.n", "NumericLessThanPath": "$.m", "Next": "B"},
  {"Variable": "$.n", "NumericGreaterThan": 1e3, "Next": "B"},
  {"Variable": "$.n", "NumericGreaterThanPath": "$.m", "Next": "B"},
  {"Variable": "$.n", "NumericLessThanEquals": 0, "Next": "B"},
  {"Variable": "$.n", "NumericLessThanEqualsPath": "$.m", "Next": "B"},
  {"Variable": "$.n", "NumericGreaterThanEquals": 0.5, "Next": "B"},
  {"Variable": "$.n", "NumericGreaterThanEqualsPath": "$.m[0].n", "Next": "B"}]},
"B": {"Type": "Succeed"}
=== comparisons of timestamps
"A": {"Type": "Choice", "Default": "B", "Choices": [
  {"Variable": "$.t", "TimestampEquals": "2030-01-01T00:00:00Z", "Next": "B"},
  {"Variable": "$.t", "TimestampEqualsPath": "$.u", "Next": "B"},
  {"Variable": "$.t", "TimestampLessThan": "2030-01-01T00:00:00.5Z", "Next": "B"},
  {"Variable": "$.t", "TimestampLessThanPath": "$$.Execution.StartTime", "Next": "B"},
  {"Variable": "$.t", "TimestampGreaterThan": "2030-01-01T00:00:00Z", "Next": "B"},
  {"Variable": "$.t", "TimestampGreaterThanPath": "$.u", "Next": "B"},
  {"Variable": "$.t", "TimestampLessThanEquals": "2030-01-01T00:00:00Z", "Next": "B"},
  {"Variable": "$.t", "TimestampLessThanEqualsPath": "$.u", "Next": "B"},
  {"Variable": "$.t", "TimestampGreaterThanEquals": "2030-01-01T00:00:00Z", "Next": "B"},
  {"Variable": "$.t", "TimestampGreaterThanEqualsPath": "$.u", "Next": "B"}]},
"B": {"Type": "Succeed"}
=== a Choice that may find nothing, on purpose | allow=NO_DEFAULT
"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}]},
"B": {"Type": "Succeed"}
=== a Task that is tried once | allow=NO_RETRY
"A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true}
=== an empty list of retriers and of Catchers | allow=NO_RETRY
"A": {"Type": "Parallel", "Branches": [{<inner>}], "Retry": [], "Catch": [], "End": true}
=== functions, qualified or not, in other partitions
"A": {<task>, "Next": "B"},
"B": {"Type": "Task", <retry>, "Next": "C",
  "Resource": "arn:aws:lambda:us-east-1:123456789012:function:orders:live"},
"C": {"Type": "Task", <retry>, "Next": "D",
  "Resource": "arn:aws-cn:lambda:cn-north-1:123456789012:function:orders:12"},
"D": {"Type": "Task", <retry>, "End": true,
  "Resource": "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders:$LATEST"}
=== an activity with a heartbeat
"A": {"Type": "Task", <retry>, "TimeoutSeconds": 3600, "HeartbeatSeconds": 60, "End": true,
  "Resource": "arn:aws:states:eu-west-1:123456789012:activity:approve"}
=== a function that calls back
"A": {"Type": "Task", <retry>, "HeartbeatSeconds": 600, "End": true,
  "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
  "Parameters": {"FunctionName": "orders", "Payload": {"token.$": "$$.Task.Token"}}}
=== a queue that calls back | jsonata
"A": {"Type": "Task", <retry>, "End": true,
  "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
  "Arguments": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
    "MessageBody": {"token": "{% $states.context.Task.Token %}", "order": "{% $states.input %}"}}}
=== events that call back
"A": {"Type": "Task", <retry>, "End": true,
  "Resource": "arn:aws:states:::events:putEvents.waitForTaskToken",
  "Parameters": {"Entries": [{"Source": "orders", "DetailType": "placed", "EventBusName": "shop",
    "Detail": {"token.$": "$$.Task.Token"}}]}}
=== a child machine, awaited in both ways
"A": {"Type": "Task", <retry>, "Next": "B",
  "Resource": "arn:aws:states:::states:startExecution.sync",
  "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:child",
    "Name.$": "$.name",
    "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}}},
"B": {"Type": "Task", <retry>, "ResultSelector": {"out.$": "$.Output"}, "Next": "C",
  "Resource": "arn:aws:states:::states:startExecution.sync:2",
  "Parameters": {"StateMachineArn.$": "$.machine", "Input.$": "$"}},
"C": {"Type": "Task", <retry>, "End": true,
  "Resource": "arn:aws:states:::states:startExecution",
  "Parameters": {"StateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:child"}}
=== all four of DynamoDB
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::dynamodb:getItem", "Next": "B",
  "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}}},
"B": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::dynamodb:putItem", "Next": "C",
  "Parameters": {"TableName": "orders", "Item": {"id": {"S.$": "$.id"}, "n": {"N": "5"}}}},
"C": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::dynamodb:updateItem", "Next": "D",
  "Parameters": {"TableName.$": "$.table", "Key": {"id": {"S.$": "$.id"}},
    "UpdateExpression": "SET #n = #n + :one", "ExpressionAttributeNames": {"#n": "n"},
    "ExpressionAttributeValues": {":one": {"N.$": "States.Format('{}', $.n)"}}}},
"D": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::dynamodb:deleteItem", "End": true,
  "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}}, "ResultPath": null}
=== a container and a batch job
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::ecs:runTask.sync", "Next": "B",
  "Parameters": {"LaunchType": "FARGATE", "Cluster": "orders", "TaskDefinition": "orders:3",
    "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets.$": "$.subnets"}},
    "Overrides": {"ContainerOverrides": [{"Name": "main",
      "Environment": [{"Name": "ID", "Value.$": "$.id"}]}]}}},
"B": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true,
  "Parameters": {"JobName": "orders", "JobQueue": "low", "JobDefinition": "orders:1",
    "Parameters.$": "$.parameters"}}
=== queries of Athena
"A": {"Type": "Task", <retry>, "Next": "B",
  "Resource": "arn:aws:states:::athena:startQueryExecution.sync",
  "Parameters": {"WorkGroup": "primary",
    "QueryString.$": "States.Format('SELECT * FROM \"{}\" WHERE d=\\'{}\\'', $.t, $.d)"}},
"B": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::athena:getQueryResults", "End": true,
  "Parameters": {"QueryExecutionId.$": "$.QueryExecution.QueryExecutionId"}}
=== a call over HTTP | jsonata
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::http:invoke", "End": true,
  "Arguments": {"ApiEndpoint": "https://api.example.com/orders", "Method": "POST",
    "Authentication": {
      "ConnectionArn": "arn:aws:events:eu-west-1:123456789012:connection/shop/0a1b"},
    "Headers": {"Content-Type": "application/json"}, "RequestBody": "{% $states.input %}",
    "QueryParameters": {"page": ["1", "2"]}},
  "Output": "{% $states.result.ResponseBody %}"}
=== a call of an API Gateway
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::apigateway:invoke", "End": true,
  "Parameters": {"ApiEndpoint": "abc.execute-api.eu-west-1.amazonaws.com", "Method": "GET",
    "Stage": "prod", "Path.$": "States.Format('/orders/{}', $.id)", "AuthType": "IAM_ROLE"}}
=== calls of the SDK, with and without arguments
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets", "Next": "B",
  "Parameters": {}},
"B": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::aws-sdk:dynamodb:scan", "Next": "C",
  "Parameters": {"TableName": "orders", "Limit": 5}},
"C": {"Type": "Task", <retry>, "End": true,
  "Resource": "arn:aws:states:::aws-sdk:ecs:runTask.waitForTaskToken",
  "Parameters": {"TaskDefinition": "orders", "Overrides": {"ContainerOverrides": [
    {"Environment": [{"Name": "TOKEN", "Value.$": "$$.Task.Token"}]}]}}}
=== a model, a build and a job
"A": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::bedrock:invokeModel", "Next": "B",
  "Parameters": {"ModelId": "amazon.titan-text-lite-v1", "Body": {"inputText.$": "$.text"}}},
"B": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::codebuild:startBuild.sync",
  "Next": "C", "Parameters": {"ProjectName": "shop"}},
"C": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::glue:startJobRun", "End": true,
  "Parameters": {"JobName": "orders", "Arguments": {"--key.$": "$.key"}}}
=== a role that comes with the order
"A": {<task>, "Credentials": {"RoleArn.$": "$.role"}, "Next": "B"},
"B": {<task>, "Credentials": {"RoleArn.$":
    "States.Format('arn:aws:iam::{}:role/shop', $.account)"}, "End": true}
=== a role that comes with the order, in JSONata | jsonata
"A": {<task>, "Credentials": {"RoleArn": "{% $states.input.role %}"}, "End": true}
=== intrinsics of arrays
"A": {"Type": "Pass", "End": true, "Parameters": {
  "array.$": "States.Array(1, 'two', null, true, $.x, $$.Execution.Id)",
  "empty.$": "States.Array()",
  "partition.$": "States.ArrayPartition($.list, 4)",
  "contains.$": "States.ArrayContains($.list, 'x')",
  "range.$": "States.ArrayRange(1, 9, 2)",
  "item.$": "States.ArrayGetItem($.list, 0)",
  "length.$": "States.ArrayLength($.list)",
  "unique.$": "States.ArrayUnique($.list)"}}
=== intrinsics of texts and numbers
"A": {"Type": "Pass", "End": true, "Parameters": {
  "format.$": "States.Format('{} and {}', $.a, 5)",
  "plain.$": "States.Format('no blank at all')",
  "escaped.$": "States.Format('it\\'s \\{{}\\} \\\\ done', $.a)",
  "parsed.$": "States.StringToJson($.text)",
  "written.$": "States.JsonToString($)",
  "split.$": "States.StringSplit('a,b;c', ',;')",
  "encoded.$": "States.Base64Encode('text')",
  "decoded.$": "States.Base64Decode($.text)",
  "hash.$": "States.Hash($.text, 'SHA-256')",
  "merged.$": "States.JsonMerge($.a, $.b, false)",
  "random.$": "States.MathRandom(1, 999)",
  "seeded.$": "States.MathRandom($.low, 999, $.seed)",
  "sum.$": "States.MathAdd($.n, -1)",
  "id.$": "States.UUID()"}}
=== intrinsics in intrinsics
"A": {"Type": "Pass", "End": true, "Parameters": {"list": [{"deep": {"x.$":
  "States.ArrayGetItem(States.StringSplit(States.Format('/{}', $.a), '/'), States.MathAdd(0, 1))"
  }}]}}
=== spaces in intrinsics, and brackets in paths in them
"A": {"Type": "Pass", "End": true, "Parameters": {
  "x.$": "States.Format( '{}-{}' , $['a key'] , $.list[?(@.id=='x')].n )",
  "y.$": "States.JsonMerge( States.StringToJson( States.JsonToString( $.a ) ) , $.b , false )"}}
=== intrinsics where a state reads its result
"A": {<task>, "ResultSelector": {"n.$": "States.MathAdd($.n, 1)", "fixed": "text"}, "Next": "B"},
"B": {"Type": "Map", <inline>, "Next": "C",
  "ItemSelector": {"id.$": "States.Format('{}-{}', $.id, $$.Map.Item.Index)"}},
"C": {"Type": "Pass", "Assign": {"id.$": "States.UUID()"}, "End": true}
=== keys that only look odd
"A": {"Type": "Pass", "End": true, "Parameters": {"": 1, "$": "a dollar", "a.b": 2, "x y": 3,
  "End": false, "Next": "B", "Type": "Nothing", "States": {}, "Retry": "no"}}
=== members called like fields, in a Result
"A": {"Type": "Pass", "Result": {"StartAt": "X", "States": {"X": {"Type": "Odd"}}}, "End": true}
=== values that only look like paths | allow=NO_DOLLAR
"A": {"Type": "Pass", "End": true, "Parameters": {"price": "$5", "shell": "$HOME", "text": "State"}}
=== lists in templates
"A": {"Type": "Pass", "End": true, "Parameters": {
  "list": [1, "two", {"three.$": "$.three", "four": [{"five.$": "$.five"}]}], "empty": []}}
=== the fields of an order that come and go
"A": {"Type": "Pass", "InputPath": "$", "ResultPath": "$", "OutputPath": "$", "Next": "B"},
"B": {"Type": "Pass", "InputPath": "$$", "ResultPath": "$.context", "Next": "C"},
"C": {"Type": "Succeed", "InputPath": null}
=== deciding and joining again
"A": {"Type": "Choice", "Default": "D", "Choices": [
    {"Variable": "$.kind", "StringEquals": "b", "Next": "B"},
    {"Variable": "$.kind", "StringEquals": "c", "Next": "C"}]},
"B": {"Type": "Pass", "Next": "D"},
"C": {"Type": "Pass", "Next": "B"},
"D": {"Type": "Pass", "End": true}
=== polling a job until it is done
"A": {<task>, "ResultPath": "$.job", "Next": "B"},
"B": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "C"},
"C": {"Type": "Task", <retry>, "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "Next": "D",
  "Parameters": {"JobName": "orders", "RunId.$": "$.job.id"}, "ResultPath": "$.job"},
"D": {"Type": "Choice", "Default": "B", "Choices": [
    {"Variable": "$.job.JobRun.JobRunState", "StringEquals": "SUCCEEDED", "Next": "E"},
    {"Or": [{"Variable": "$.job.JobRun.JobRunState", "StringEquals": "FAILED"},
        {"Variable": "$.job.JobRun.JobRunState", "StringEquals": "STOPPED"}], "Next": "F"}]},
"E": {"Type": "Succeed"},
"F": {"Type": "Fail", "Error": "JobFailed", "CausePath": "$.job.JobRun.ErrorMessage"}
=== a saga that undoes what it did
"A": {<task>, "ResultPath": "$.hotel", "Next": "B",
  "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "F"}]},
"B": {<task>, "ResultPath": "$.flight", "Next": "C",
  "Catch": [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "E"},
    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "E"}]},
"C": {"Type": "Succeed"},
"E": {<task>, "ResultPath": null, "Next": "F"},
"F": {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause"}
=== the errors that AWS names
"A": {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true,
  "Retry": [{"ErrorEquals": ["States.Timeout", "States.HeartbeatTimeout", "States.TaskFailed",
      "States.Permissions", "States.ResultPathMatchFailure", "States.ParameterPathFailure",
      "States.BranchFailed", "States.NoChoiceMatched", "States.IntrinsicFailure",
      "States.ExceedToleratedFailureThreshold", "States.ItemReaderFailed",
      "States.ResultWriterFailed", "States.DataLimitExceeded", "States.Runtime",
      "States.QueryEvaluationError", "States.Http.StatusCode.429", "States.Http.Socket"],
      "MaxAttempts": 99999999, "MaxDelaySeconds": 31622399, "IntervalSeconds": 1},
    {"ErrorEquals": ["Lambda.Unknown", "java.lang.Exception", "Error", "my error!"]}]}
=== everything that may be null or left out
"A": {"Type": "Parallel", "Comment": "", "Branches": [{<inner>}, {"StartAt": "B", "Comment": "b",
  "States": {"B": {"Type": "Pass", "Result": null, "InputPath": null, "ResultPath": null,
    "OutputPath": null, "End": true}}}], "ResultPath": null, "End": true}
=== numbers as the file has them | jsonata
"A": {"Type": "Pass", "End": true, "Output": {"big": 1234567890123, "small": 1.5e-10, "none": -0}}
=== JSONata of every kind | jsonata
"A": {"Type": "Pass", "End": true, "Output": {
  "text": "{% 'a' & \"b\" & $string(5) %}",
  "filter": "{% $states.input.orders[price > 5 and state = 'open'].id %}",
  "index": "{% $states.input.orders[0].items[-1] %}",
  "wild": "{% $states.input.orders.*.id %}",
  "descend": "{% $states.input.**.id %}",
  "group": "{% $states.input.orders{state: $count($)} %}",
  "order": "{% $states.input.orders^(>price, id) %}",
  "object": "{% {\"id\": $states.input.id, \"n\": 5} %}",
  "list": "{% [1..5] %}",
  "empty": "{% [] %}",
  "choice": "{% $exists($states.input.x) ? $states.input.x : 'none' %}",
  "block": "{% ($x := 5; $y := $x * 2; $y) %}",
  "function": "{% $map([1, 2], function($v, $i) { $v + $i }) %}",
  "chain": "{% $states.input.name ~> $trim ~> $uppercase %}",
  "regex": "{% $match($states.input.text, /ab+c/i) %}",
  "quoted": "{% $states.input.`odd name`.x %}",
  "parent": "{% $states.input.orders.items.{\"order\": %.id, \"item\": id} %}",
  "context": "{% $states.input.orders@$o.items[$o.id = id] %}",
  "position": "{% $states.input.orders#$i.{\"n\": $i} %}",
  "transform": "{% $states.input ~> |orders|{\"seen\": true}| %}",
  "none": "{% null %}", "not": "{% $not(true) %}", "in": "{% 1 in [1, 2] %}"}}
=== functions that only Step Functions has | jsonata
"A": {"Type": "Pass", "End": true, "Assign": {
  "parts": "{% $partition([1, 2, 3], 2) %}", "range": "{% $range(0, 10, 2) %}",
  "hash": "{% $hash('text', 'SHA-256') %}", "random": "{% $random() %}",
  "seeded": "{% $random(5) %}", "id": "{% $uuid() %}", "parsed": "{% $parse('[1]') %}"}}
=== functions of JSONata in a chain, with a time | jsonata
"A": {"Type": "Pass", "End": true, "Output": {
  "when": "{% $fromMillis($millis() + 86400000) %}", "now": "{% $now('[Y0001]-[M01]') %}",
  "sum": "{% $sum($filter($states.input.n, function($n) { $n > 0 })) %}",
  "reduced": "{% $reduce([1, 2], function($a, $b) { $a + $b }, 0) %}",
  "keys": "{% $keys($states.input) ~> $sort() ~> $join(', ') %}",
  "looked": "{% $lookup($states.input, 'a') %}",
  "context": "{% $states.context.Execution.Input.`a-b` %}"}}
=== an expression that spans the string with spaces inside | jsonata
"A": {"Type": "Pass", "End": true, "Output": "{%$states.input%}", "Assign": {
  "x": "{%   $states.input.x   %}", "y": "{%\n  5\n%}"}}
=== a variable set in a Catch, and read after it | jsonata
"A": {<task>, "Next": "B", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B",
    "Assign": {"failed": true, "why": "{% $states.errorOutput %}"}}],
  "Assign": {"failed": false, "why": null}},
"B": {"Type": "Choice", "Default": "C", "Choices": [{"Condition": "{% $failed %}", "Next": "D"}]},
"C": {"Type": "Succeed"},
"D": {"Type": "Fail", "Cause": "{% $string($why) %}"}
=== a Parallel in JSONata with all of its fields | jsonata
"A": {"Type": "Parallel", "Comment": "all", "QueryLanguage": "JSONata",
  "Arguments": "{% $states.input.order %}",
  "Branches": [{<inner>}, {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
  "Assign": {"first": "{% $states.result[0] %}"}, "Output": {"both": "{% $states.result %}"},
  "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}],
  "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C",
    "Output": {"e": "{% $states.errorOutput %}"}}],
  "Next": "C"},
"C": {"Type": "Succeed"}
=== states in JSONata, one by one, in a JSONPath machine | whole
{"StartAt": "A", "States": {
  "A": {"Type": "Choice", "QueryLanguage": "JSONata", "Default": "B", "Choices": [
    {"Condition": "{% $states.input.x = 1 %}", "Output": "{% $states.input %}", "Next": "B"}]},
  "B": {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% 1 + 1 %}", "Next": "C"},
  "C": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input.items %}",
    "ItemProcessor": {"StartAt": "D", "States": {"D": {"Type": "Pass", "OutputPath": "$.x",
      "End": true}}}, "Next": "E"},
  "E": {"Type": "Fail", "QueryLanguage": "JSONata", "Error": "{% $states.input.e %}"}}}
=== each iteration with its own branches
"A": {"Type": "Map", "ItemsPath": "$.days", "End": true, "ItemProcessor": {
  "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "B", "States": {
    "B": {"Type": "Parallel", "Next": "E", "Branches": [
      {"StartAt": "C", "States": {"C": {<task>, "End": true}}},
      {"StartAt": "D", "States": {"D": {"Type": "Map", <inline>, "End": true}}}]},
    "E": {"Type": "Succeed"}}}}
=== states in another order than they run | whole
{"States": {"C": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"},
  "A": {"Next": "B", "Type": "Pass"}}, "StartAt": "A", "Comment": "backwards"}
=== names that YAML would read otherwise | whole
{"StartAt": "yes", "States": {"yes": {"Type": "Pass", "Next": "1"},
  "1": {"Type": "Pass", "Next": "null"}, "null": {"Type": "Pass", "Next": "~"},
  "~": {"Type": "Succeed"}}}
=== escapes in names and in texts | whole
{"StartAt": "caf\u00e9", "States": {"café": {"Type": "Pass", "Next": "a\"b"},
  "a\"b": {"Type": "Fail", "Cause": "line one\nline two\ttab \ud83d\ude80"}}}
"""

SOUND_JSON = tuple(cases(_TEXT, ".json"))
