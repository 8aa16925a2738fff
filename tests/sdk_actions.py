"""Operations of the AWS SDKs whose action in IAM has another name.

Each line is an action and the operations that it allows, as the guides of the services say.
Operations that need several actions are in sdk_special_cases.py.
"""

from __future__ import annotations

_LINES = """
access-analyzer:GetFinding GetFindingV2
access-analyzer:ListFindings ListFindingsV2
batch:CancelJob CancelJobs
batch:TerminateJob TerminateJobs
batch:TerminateServiceJob TerminateServiceJobs
budgets:ModifyBudget CreateBudget CreateNotification CreateSubscriber DeleteBudget
budgets:ModifyBudget DeleteNotification DeleteSubscriber UpdateBudget UpdateNotification
budgets:ModifyBudget UpdateSubscriber
budgets:ViewBudget DescribeBudget DescribeBudgetNotificationsForAccount
budgets:ViewBudget DescribeBudgetPerformanceHistory DescribeBudgets
budgets:ViewBudget DescribeNotificationsForBudget DescribeSubscribersForNotification
cassandra:Create CreateKeyspace CreateTable CreateType
cassandra:Drop DeleteKeyspace DeleteTable DeleteType
cassandra:Select GetKeyspace GetTable GetTableAutoScalingSettings GetType ListKeyspaces
cassandra:Select ListTables ListTagsForResource ListTypes
cassandra:Restore RestoreTable
cassandra:Alter UpdateKeyspace UpdateTable
cloudfront:CreateDistribution CreateDistributionWithTags
cloudsearch:document UploadDocuments
cognito-idp:DescribeTerms DescribeTermsByClient
detective:ListOrganizationAdminAccount ListOrganizationAdminAccounts
dms:ListDataProviders DescribeDataProviders
dms:ListExtensionPacks DescribeExtensionPackAssociations
dms:ListInstanceProfiles DescribeInstanceProfiles
dms:ListMetadataModelAssessments DescribeMetadataModelAssessments
dms:ListMetadataModelConversions DescribeMetadataModelConversions
dms:ListMetadataModelExports DescribeMetadataModelExportsAsScript
dms:ListMetadataModelExports DescribeMetadataModelExportsToTarget
dms:ListMigrationProjects DescribeMigrationProjects
dms:UpdateConversionConfiguration ModifyConversionConfiguration
dms:UpdateDataProvider ModifyDataProvider
dms:UpdateInstanceProfile ModifyInstanceProfile
dms:UpdateMigrationProject ModifyMigrationProject
dms:AssociateExtensionPack StartExtensionPackAssociation
dms:StartMetadataModelExportAsScripts StartMetadataModelExportAsScript
ecr:BatchGetImage ListImageReferrers
glue:GetPartition GetUnfilteredPartitionMetadata
glue:GetPartitions GetUnfilteredPartitionsMetadata
glue:GetTable GetUnfilteredTableMetadata
iotfleetwise:CreateVehicle BatchCreateVehicle
iotfleetwise:UpdateVehicle BatchUpdateVehicle
qapps:ImportDocument CreatePresignedUrl
quicksight:DescribeAnalysis DescribeAnalysisDefinition
quicksight:DescribeDashboard DescribeDashboardDefinition
quicksight:DescribeTemplate DescribeTemplateDefinition
redshift-data:GetStatementResult GetStatementResultV2
s3:CreateBucketMetadataTableConfiguration CreateBucketMetadataConfiguration
s3:DeleteBucketMetadataTableConfiguration DeleteBucketMetadataConfiguration
s3:GetBucketMetadataTableConfiguration GetBucketMetadataConfiguration
securityhub:BatchUpdateFindings BatchUpdateFindingsV2
securityhub:GetAdhocInsightResults GetFindingStatisticsV2
securityhub:GetFindings GetFindingsV2
tax:GetExemptions BatchGetTaxExemptions GetTaxExemptionTypes ListTaxExemptions
tax:UpdateExemptions PutTaxExemption
verifiedpermissions:GetPolicy BatchGetPolicy
verifiedpermissions:IsAuthorized BatchIsAuthorized
verifiedpermissions:IsAuthorizedWithToken BatchIsAuthorizedWithToken
vpc-lattice:UpdateRule BatchUpdateRule
"""

OTHER_ACTIONS = {
    f"{action.partition(':')[0]}:{operation}": action.partition(":")[2]
    for action, *operations in map(str.split, _LINES.strip().splitlines())
    for operation in operations
} | {
    f"bcm-pricing-calculator:Batch{action}": action
    for change in ("Create", "Delete", "Update")
    for action in (
        f"{change}BillScenarioCommitmentModification",
        f"{change}BillScenarioUsageModification",
        f"{change}WorkloadEstimateUsage",
    )
}
"""The names of actions, by operations such as `lambda:GetLayerVersionByArn`."""
