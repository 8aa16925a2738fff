"""The calls to the data of Amazon Neptune, whose actions say what happens to the data.

https://docs.aws.amazon.com/neptune/latest/userguide/iam-dp-actions.html
"""

from __future__ import annotations

from sfn_s3_cli.asl.permissions.grants import Grant, Integration

_UNNAMED = "no parameter names the database"
_QUERY = "DeleteDataViaQuery ReadDataViaQuery WriteDataViaQuery"
_CALLS_AND_ACTIONS = (
    ("neptunedata:cancelGremlinQuery neptunedata:cancelOpenCypherQuery", "CancelQuery"),
    (
        "neptunedata:deletePropertygraphStatistics neptunedata:deleteSparqlStatistics",
        "DeleteStatistics",
    ),
    ("neptunedata:executeFastReset", "ResetDatabase"),
    ("neptunedata:executeGremlinExplainQuery neptunedata:executeGremlinQuery", _QUERY),
    ("neptunedata:executeOpenCypherQuery neptunegraph:executeQuery", _QUERY),
    (
        "neptunedata:executeGremlinProfileQuery neptunedata:executeOpenCypherExplainQuery",
        "ReadDataViaQuery",
    ),
    (
        "neptunedata:getGremlinQueryStatus neptunedata:getOpenCypherQueryStatus",
        "GetQueryStatus",
    ),
    ("neptunedata:listGremlinQueries neptunedata:listOpenCypherQueries", "GetQueryStatus"),
    ("neptunegraph:getQuery", "GetQueryStatus"),
    ("neptunedata:getMLDataProcessingJob", "GetMLDataProcessingJobStatus"),
    ("neptunedata:getMLEndpoint", "GetMLEndpointStatus"),
    ("neptunedata:getMLModelTrainingJob", "GetMLModelTrainingJobStatus"),
    ("neptunedata:getMLModelTransformJob", "GetMLModelTransformJobStatus"),
    (
        "neptunedata:getPropertygraphStatistics neptunedata:getSparqlStatistics",
        "GetStatisticsStatus",
    ),
    ("neptunedata:getPropertygraphStream neptunedata:getSparqlStream", "GetStreamRecords"),
    ("neptunedata:getPropertygraphSummary neptunedata:getRDFGraphSummary", "GetGraphSummary"),
    (
        "neptunedata:managePropertygraphStatistics neptunedata:manageSparqlStatistics",
        "ManageStatistics",
    ),
)
_PREFIXES = {"neptunedata": "neptune-db", "neptunegraph": "neptune-graph"}


def _allow(call: str, actions: str) -> Integration:
    prefix = _PREFIXES[call.partition(":")[0]]
    texts = " ".join(f"{prefix}:{each}" for each in actions.split())
    return Integration(call, (Grant(texts, "*", why_wide=_UNNAMED),))


NEPTUNE_CALLS = tuple(
    _allow(call, actions) for calls, actions in _CALLS_AND_ACTIONS for call in calls.split()
)
