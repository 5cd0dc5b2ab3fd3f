// The model of an organization, functions and actions.

import assert from "node:assert/strict";
import { refused, test } from "../suite.mjs";
import { account } from "./rows.mjs";

test("metadata", "tables, columns, choices and relationships are described", async ({ dwa }) => {
  const d = dwa();
  const tables = await d.retrieveEntities({ select: ["LogicalName", "EntitySetName"], filter: "LogicalName eq 'account' or LogicalName eq 'contact'" });
  assert.deepEqual(tables.value.map((t) => t.EntitySetName).sort(), ["accounts", "contacts"]);
  const table = await d.retrieveEntity({ key: "LogicalName='account'", select: ["PrimaryNameAttribute"], expand: [{ property: "Attributes", select: ["LogicalName"], filter: "LogicalName eq 'industrycode'" }] });
  assert.equal(table.PrimaryNameAttribute, "name");
  assert.equal(table.Attributes[0].LogicalName, "industrycode");
  const attributes = await d.retrieveAttributes({ entityKey: "LogicalName='account'", castType: "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", select: ["LogicalName"], expand: [{ property: "OptionSet" }] });
  assert.ok(attributes.value.find((a) => a.LogicalName === "industrycode").OptionSet.Options.length > 3);
  const one = await d.retrieveAttribute({ entityKey: "LogicalName='account'", attributeKey: "LogicalName='industrycode'", castType: "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", select: ["LogicalName"] });
  assert.equal(one.LogicalName, "industrycode");
  const relationships = await d.retrieveRelationships({ castType: "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", select: ["SchemaName"], filter: "ReferencedEntity eq 'account'" });
  assert.ok(relationships.value.length > 3);
  const set = await d.retrieveGlobalOptionSet({ key: "Name='hf_loyaltytier'", castType: "Microsoft.Dynamics.CRM.OptionSetMetadata" });
  assert.equal(set.Options.length, 3);
});

test("metadata", "the model comes with its seed and is not written through the API", async ({ dwa }) => {
  const d = dwa();
  await refused(d.createEntity({ data: { SchemaName: "new_Thing" } }), 405);
  await refused(d.updateEntity({ data: { MetadataId: crypto.randomUUID(), SchemaName: "Account" } }), 405);
});

test("useEntityNames", "tables are called by their names", async ({ dwa }) => {
  const d = dwa("administrator", { useEntityNames: true });
  assert.equal((await d.retrieveMultiple({ collection: "opportunity", select: ["name"], top: 1 })).value.length, 1);
});

test("csdl", "the CSDL document is XML that names every set", async ({ dwa }) => {
  const xml = await dwa().retrieveCsdlMetadata();
  assert.match(xml, /<EntitySet Name="accounts" EntityType="Microsoft\.Dynamics\.CRM\.account"/);
  assert.match(xml, /<NavigationProperty Name="primarycontactid" Type="mscrm\.contact"/);
});

test("callFunction", "functions answer, unbound and bound, with every kind of parameter", async ({ dwa }) => {
  const d = dwa();
  const me = await d.callFunction("WhoAmI");
  assert.equal((await d.callFunction({ name: "WhoAmI" })).UserId, me.UserId);
  assert.match((await d.callFunction("RetrieveVersion")).Version, /^9\.2\./);
  const { Detail } = await d.callFunction({ name: "RetrieveCurrentOrganization", parameters: { AccessType: "Microsoft.Dynamics.CRM.EndpointAccessType'Default'" } });
  assert.equal(Detail.OrganizationId, me.OrganizationId);
  const id = await account(d);
  const bound = { collection: "systemusers", key: me.UserId };
  const { AccessRights } = await d.callFunction({ ...bound, name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess", parameters: { Target: { "@odata.id": `accounts(${id})` } } });
  assert.match(AccessRights, /ReadAccess/);
  assert.ok((await d.callFunction({ ...bound, name: "Microsoft.Dynamics.CRM.RetrieveUserPrivileges" })).RolePrivileges.length > 10);
  assert.equal((await d.callFunction({ ...bound, name: "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName", parameters: { PrivilegeName: "prvWriteAccount" } })).RolePrivileges.length, 1);
  const app = (await d.retrieveMultiple({ collection: "appmodules", select: ["name"], top: 1 })).value[0];
  assert.ok((await d.callFunction({ name: "RetrieveAppComponents", parameters: { AppModuleId: app.appmoduleid } })).value.length > 0);
});

test("callAction", "a row is shared and taken back by actions, also within a change set", async ({ dwa }) => {
  const d = dwa();
  const { UserId } = await dwa("seller").callFunction("WhoAmI");
  const id = await account(d);
  const Target = { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: id };
  const Principal = { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", systemuserid: UserId };
  const rights = async () => (await d.callFunction({ collection: "systemusers", key: UserId, name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess", parameters: { Target: { "@odata.id": `accounts(${id})` } } })).AccessRights;
  assert.doesNotMatch(await rights(), /WriteAccess/);
  await d.callAction({ actionName: "GrantAccess", action: { Target, PrincipalAccess: { AccessMask: "ReadAccess,WriteAccess", Principal } } });
  assert.match(await rights(), /WriteAccess/);
  d.startBatch();
  d.callAction({ actionName: "RevokeAccess", action: { Target, Revokee: Principal } });
  await d.executeBatch();
  assert.doesNotMatch(await rights(), /WriteAccess/);
});

test("callAction", "an opportunity is won by an action", async ({ dwa }) => {
  const d = dwa();
  const id = await d.create({ collection: "opportunities", data: { name: "To be won" } });
  await d.callAction({ actionName: "WinOpportunity", action: { Status: 3, OpportunityClose: { subject: "Won", "opportunityid@odata.bind": `/opportunities(${id})` } } });
  assert.equal((await d.retrieve({ collection: "opportunities", key: id, select: ["statecode"] })).statecode, 1);
});

test("background operations", "an action that may run in the background runs at once, and there is nothing to wait for", async ({ dwa }) => {
  const d = dwa();
  const { UserId } = await dwa("seller").callFunction("WhoAmI");
  const action = { Target: { "@odata.id": `accounts(${await account(d)})` }, Revokee: { "@odata.id": `systemusers(${UserId})` } };
  assert.equal(await d.callAction({ actionName: "RevokeAccess", action, respondAsync: true }), undefined);
  await refused(d.getBackgroundOperationStatus(crypto.randomUUID()), 404);
  await refused(d.cancelBackgroundOperation(crypto.randomUUID()), 404);
});

test("callAction", "a case is resolved and a lead qualified, within a change set as well", async ({ dwa }) => {
  const d = dwa();
  const customer = await account(d);
  const incident = await d.create({ collection: "incidents", data: { title: "To be resolved", "customerid_account@odata.bind": `/accounts(${customer})` } });
  d.startBatch();
  d.callAction({ actionName: "CloseIncident", action: { Status: 5, IncidentResolution: { subject: "Done", "incidentid@odata.bind": `/incidents(${incident})` } } });
  d.update({ collection: "accounts", key: customer, data: { telephone1: "7" } });
  await d.executeBatch();
  assert.equal((await d.retrieve({ collection: "incidents", key: incident, select: ["statecode"] })).statecode, 1);
  const lead = await d.create({ collection: "leads", data: { subject: "To be qualified", lastname: "Lead", companyname: "Leads" } });
  const made = await d.callAction({ collection: "leads", key: lead, actionName: "Microsoft.Dynamics.CRM.QualifyLead", action: { CreateAccount: true, CreateContact: false, CreateOpportunity: true, Status: 3 } });
  assert.deepEqual(made.value.map((one) => one["@odata.type"].split(".").pop()), ["account", "opportunity"]);
  await refused(d.callAction({ actionName: "CloseIncident", action: { Status: 5, IncidentResolution: { "incidentid@odata.bind": `/incidents(${incident})` } } }), 400, "0x800404cf");
  await refused(d.callAction({ actionName: "CloseIncident", action: {} }), 400);
});

test("callFunction", "the history of a row, its shares and its processes are told", async ({ dwa }) => {
  const d = dwa();
  const id = await account(d);
  await d.update({ collection: "accounts", key: id, data: { name: "Renamed" } });
  const Target = { "@odata.id": `accounts(${id})` };
  const { AuditDetailCollection } = await d.callFunction({ name: "RetrieveRecordChangeHistory", parameters: { Target } });
  assert.equal(AuditDetailCollection.AuditDetails[0].NewValue.name, "Renamed");
  assert.equal((await d.callFunction({ name: "RetrieveAttributeChangeHistory", parameters: { Target, AttributeLogicalName: "name" } })).AuditDetailCollection.AuditDetails.length, 2);
  assert.deepEqual((await d.callFunction({ name: "RetrieveSharedPrincipalsAndAccess", parameters: { Target } })).PrincipalAccesses, []);
  const flow = (await d.retrieveMultiple({ collection: "opportunitysalesprocesses", select: ["_opportunityid_value"], top: 1 })).value[0];
  const processes = await d.callFunction({ name: "RetrieveProcessInstances", parameters: { EntityId: flow._opportunityid_value, EntityLogicalName: "opportunity" } });
  const path = await d.callFunction({ name: "RetrieveActivePath", parameters: { ProcessInstanceId: processes.value[0].businessprocessflowinstanceid } });
  assert.deepEqual(path.value.map((stage) => stage.stagename), ["Qualify", "Develop", "Propose", "Close"]);
});

test("metadata", "a client asks once for the model and then for its changes", async ({ dwa }) => {
  const d = dwa();
  const Query = { Criteria: { FilterOperator: "And", Conditions: [{ ConditionOperator: "Equals", PropertyName: "LogicalName", Value: { Type: "System.String", Value: "account" } }] }, Properties: { PropertyNames: ["LogicalName", "Attributes"] } };
  const all = await d.callFunction({ name: "RetrieveMetadataChanges", parameters: { Query } });
  assert.equal(all.EntityMetadata[0].LogicalName, "account");
  assert.ok(all.EntityMetadata[0].Attributes.length > 50);
  assert.deepEqual((await d.callFunction({ name: "RetrieveMetadataChanges", parameters: { Query, ClientVersionStamp: all.ServerVersionStamp } })).EntityMetadata, []);
  await refused(d.callFunction({ name: "RetrieveMetadataChanges", parameters: { Query, ClientVersionStamp: "1!01/01/2020 00:00:00" } }), 400, "0x80044352");
});

test("more", "a person beyond the limits is refused, and waits longer for going on", async ({ dwa, sandbox, organization }) => {
  const limits = (method, body) => fetch(sandbox.dataverse + "/_sandbox/limits", { method, body: body && JSON.stringify({ organization: organization.name, ...body }) });
  assert.equal((await limits("POST", { enabled: true, requests: 2 })).status, 204);
  try {
    const d = dwa("read-only");
    await d.callFunction("WhoAmI");
    await d.callFunction("WhoAmI");
    const wait = async () => Number((await refused(d.callFunction("WhoAmI"), 429, "0x80072322")).headers["retry-after"]);
    const first = await wait();
    assert.ok(first > 0 && await wait() > first);
  } finally {
    await limits("DELETE");
  }
});
