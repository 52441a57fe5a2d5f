CREATE TABLE script (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	text TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	CONSTRAINT ck_script_text CHECK (length(name) BETWEEN 1 AND 64 AND length(text) BETWEEN 1 AND 20000), 
	CONSTRAINT uq_script_name UNIQUE (name)
)
 STRICT;

CREATE TABLE campaign (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	form TEXT NOT NULL, 
	goal TEXT NOT NULL, 
	goal_value INTEGER, 
	scheme TEXT DEFAULT '' NOT NULL, 
	bucket TEXT DEFAULT '' NOT NULL, 
	starts_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	from_day TEXT NOT NULL, 
	to_day TEXT NOT NULL, 
	occasion TEXT DEFAULT '' NOT NULL, 
	offer TEXT DEFAULT '' NOT NULL, 
	budget_fen INTEGER, 
	carrier TEXT DEFAULT 'group' NOT NULL, 
	started_at TEXT, 
	closed_on TEXT, 
	cancelled_on TEXT, 
	note TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_campaign_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_campaign_dates CHECK (ends_at >= starts_at AND to_day >= from_day), 
	CONSTRAINT ck_campaign_budget CHECK (budget_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_campaign_carrier CHECK (carrier IN ('group', 'link', 'mini', 'live', 'offline')), 
	CONSTRAINT uq_campaign_group_id_name UNIQUE (group_id, name), 
	CONSTRAINT fk_campaign_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_campaign_group_id_from_day ON campaign (group_id, from_day);

CREATE TABLE content_column (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	weekdays TEXT NOT NULL, 
	at_minute INTEGER NOT NULL, 
	until_minute INTEGER, 
	kind TEXT NOT NULL, 
	sub_kind TEXT DEFAULT '' NOT NULL, 
	need TEXT DEFAULT '' NOT NULL, 
	author TEXT DEFAULT 'owner' NOT NULL, 
	prompt TEXT DEFAULT '' NOT NULL, 
	script TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	from_day TEXT NOT NULL, 
	ended_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_content_column_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_content_column_weekdays CHECK (length(weekdays) BETWEEN 1 AND 7), 
	CONSTRAINT ck_content_column_minutes CHECK (at_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN at_minute AND 1440), 
	CONSTRAINT ck_content_column_kind CHECK (kind IN ('value', 'interactive', 'benefit')), 
	CONSTRAINT ck_content_column_need CHECK (need IN ('', 'social', 'information', 'benefit')), 
	CONSTRAINT ck_content_column_author CHECK (author IN ('owner', 'member')), 
	CONSTRAINT fk_content_column_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_content_column_group_id_from_day ON content_column (group_id, from_day);

CREATE TABLE house_rule (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	removed_on TEXT, 
	CONSTRAINT ck_house_rule_text CHECK (length(text) BETWEEN 1 AND 500), 
	CONSTRAINT fk_house_rule_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_house_rule_group_id_place ON house_rule (group_id, place);

CREATE TABLE positioning (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	business TEXT DEFAULT '' NOT NULL, 
	kinds TEXT DEFAULT '' NOT NULL, 
	persona TEXT DEFAULT '' NOT NULL, 
	core_value TEXT DEFAULT '' NOT NULL, 
	product TEXT DEFAULT '' NOT NULL, 
	welcome TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT uq_positioning_group_id UNIQUE (group_id), 
	CONSTRAINT fk_positioning_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE TABLE sop (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	preset TEXT DEFAULT '' NOT NULL, 
	starts_by TEXT NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	ended_on TEXT, 
	CONSTRAINT ck_sop_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_sop_starts_by CHECK (starts_by IN ('daily', 'weekly', 'date', 'join', 'birthday', 'hand')), 
	CONSTRAINT fk_sop_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_sop_group_id ON sop (group_id);

CREATE TABLE task_mark (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	group_id INTEGER NOT NULL, 
	member_id INTEGER, 
	day TEXT NOT NULL, 
	state TEXT NOT NULL, 
	marked_at TEXT NOT NULL, 
	to_day TEXT, 
	to_minute INTEGER, 
	reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_task_mark_state CHECK (state IN ('done', 'skipped', 'postponed')), 
	CONSTRAINT ck_task_mark_postponed CHECK (state <> 'postponed' OR to_day IS NOT NULL), 
	CONSTRAINT ck_task_mark_minute CHECK (to_minute BETWEEN 0 AND 1439), 
	CONSTRAINT uq_task_mark_key_member_id UNIQUE ("key", member_id), 
	CONSTRAINT fk_task_mark_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_task_mark_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_task_mark_group_id_day ON task_mark (group_id, day);

CREATE INDEX ix_task_mark_group_id_to_day ON task_mark (group_id, to_day);

CREATE INDEX ix_task_mark_member_id ON task_mark (member_id);

CREATE UNIQUE INDEX uq_task_mark_whole ON task_mark ("key") WHERE member_id IS NULL;

CREATE TABLE campaign_audience (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	CONSTRAINT uq_campaign_audience_campaign_id_member_id UNIQUE (campaign_id, member_id), 
	CONSTRAINT fk_campaign_audience_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_campaign_audience_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_campaign_audience_member_id ON campaign_audience (member_id);

CREATE TABLE campaign_cost (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	what TEXT NOT NULL, 
	cost_fen INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	CONSTRAINT ck_campaign_cost_cost CHECK (cost_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT fk_campaign_cost_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE INDEX ix_campaign_cost_campaign_id ON campaign_cost (campaign_id);

CREATE TABLE campaign_draw (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	seed TEXT NOT NULL, 
	winners INTEGER NOT NULL, 
	pool INTEGER NOT NULL, 
	pool_digest TEXT NOT NULL, 
	drawn_at TEXT NOT NULL, 
	CONSTRAINT ck_campaign_draw_winners CHECK (winners BETWEEN 1 AND pool), 
	CONSTRAINT fk_campaign_draw_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE INDEX ix_campaign_draw_campaign_id ON campaign_draw (campaign_id);

CREATE TABLE campaign_entry (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	member_id INTEGER, 
	name TEXT DEFAULT '' NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	team TEXT DEFAULT '' NOT NULL, 
	qty INTEGER DEFAULT '1' NOT NULL, 
	amount_fen INTEGER DEFAULT '0' NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	void_on TEXT, 
	void_reason TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_campaign_entry_kind CHECK (kind IN ('join', 'order', 'vote', 'submit', 'attend', 'gift', 'win')), 
	CONSTRAINT ck_campaign_entry_qty CHECK (qty BETWEEN 1 AND 1000000), 
	CONSTRAINT uq_campaign_entry_campaign_id_key UNIQUE (campaign_id, "key"), 
	CONSTRAINT fk_campaign_entry_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_campaign_entry_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_campaign_entry_campaign_id_kind_member_id ON campaign_entry (campaign_id, kind, member_id);

CREATE INDEX ix_campaign_entry_member_id ON campaign_entry (member_id);

CREATE TABLE campaign_gate (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	answered_at TEXT NOT NULL, 
	CONSTRAINT ck_campaign_gate_answer CHECK (answer IN ('yes', 'no', 'not_so')), 
	CONSTRAINT uq_campaign_gate_campaign_id_question UNIQUE (campaign_id, question), 
	CONSTRAINT fk_campaign_gate_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE TABLE campaign_review (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	well TEXT DEFAULT '' NOT NULL, 
	badly TEXT DEFAULT '' NOT NULL, 
	next_time TEXT DEFAULT '' NOT NULL, 
	written_at TEXT NOT NULL, 
	CONSTRAINT uq_campaign_review_campaign_id UNIQUE (campaign_id), 
	CONSTRAINT fk_campaign_review_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE TABLE campaign_term (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT uq_campaign_term_campaign_id_name UNIQUE (campaign_id, name), 
	CONSTRAINT fk_campaign_term_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE TABLE experiment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	scheme TEXT DEFAULT '' NOT NULL, 
	bucket TEXT DEFAULT '' NOT NULL, 
	base_bp INTEGER, 
	lift_bp INTEGER, 
	alpha_bp INTEGER NOT NULL, 
	power_bp INTEGER NOT NULL, 
	per_arm INTEGER, 
	from_day TEXT NOT NULL, 
	to_day TEXT, 
	campaign_id INTEGER, 
	closed_on TEXT, 
	decision TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_experiment_name CHECK (length(name) BETWEEN 1 AND 64), 
	CONSTRAINT ck_experiment_plan CHECK (alpha_bp BETWEEN 1 AND 5000 AND power_bp BETWEEN 5000 AND 9999 AND per_arm > 0), 
	CONSTRAINT ck_experiment_dates CHECK (to_day >= from_day), 
	CONSTRAINT uq_experiment_group_id_name UNIQUE (group_id, name), 
	CONSTRAINT fk_experiment_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_experiment_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE INDEX ix_experiment_campaign_id ON experiment (campaign_id);

CREATE TABLE hand_out (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	tier INTEGER NOT NULL, 
	what TEXT NOT NULL, 
	points INTEGER DEFAULT '0' NOT NULL, 
	cost_fen INTEGER DEFAULT '0' NOT NULL, 
	given_on TEXT NOT NULL, 
	given_at TEXT NOT NULL, 
	CONSTRAINT ck_hand_out_amounts CHECK (points >= 0 AND cost_fen >= 0 AND tier >= 0), 
	CONSTRAINT uq_hand_out_campaign_id_member_id_tier UNIQUE (campaign_id, member_id, tier), 
	CONSTRAINT fk_hand_out_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_hand_out_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_hand_out_member_id ON hand_out (member_id);

CREATE TABLE invite (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	inviter_id INTEGER NOT NULL, 
	invitee_id INTEGER NOT NULL, 
	joined_on TEXT NOT NULL, 
	joined_at TEXT NOT NULL, 
	told_at TEXT NOT NULL, 
	CONSTRAINT uq_invite_campaign_id_key UNIQUE (campaign_id, "key"), 
	CONSTRAINT fk_invite_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_invite_inviter_id FOREIGN KEY(inviter_id) REFERENCES member (id), 
	CONSTRAINT fk_invite_invitee_id FOREIGN KEY(invitee_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_invite_campaign_id_inviter_id ON invite (campaign_id, inviter_id);

CREATE INDEX ix_invite_invitee_id ON invite (invitee_id);

CREATE INDEX ix_invite_inviter_id ON invite (inviter_id);

CREATE TABLE post (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	at_minute INTEGER, 
	kind TEXT NOT NULL, 
	sub_kind TEXT DEFAULT '' NOT NULL, 
	need TEXT DEFAULT '' NOT NULL, 
	author TEXT DEFAULT 'owner' NOT NULL, 
	author_id INTEGER, 
	title TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	sponsor TEXT DEFAULT '' NOT NULL, 
	disclosure TEXT DEFAULT '' NOT NULL, 
	column_id INTEGER, 
	campaign_id INTEGER, 
	state TEXT DEFAULT 'planned' NOT NULL, 
	posted_at TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_post_text CHECK (length(title) BETWEEN 1 AND 200 AND length(text) <= 20000), 
	CONSTRAINT ck_post_minute CHECK (at_minute BETWEEN 0 AND 1439), 
	CONSTRAINT ck_post_kind CHECK (kind IN ('value', 'interactive', 'benefit')), 
	CONSTRAINT ck_post_need CHECK (need IN ('', 'social', 'information', 'benefit')), 
	CONSTRAINT ck_post_author CHECK (author IN ('owner', 'member')), 
	CONSTRAINT ck_post_state CHECK (state IN ('planned', 'posted', 'dropped') AND (state = 'posted') = (posted_at IS NOT NULL)), 
	CONSTRAINT fk_post_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_post_author_id FOREIGN KEY(author_id) REFERENCES member (id), 
	CONSTRAINT fk_post_column_id FOREIGN KEY(column_id) REFERENCES content_column (id), 
	CONSTRAINT fk_post_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE INDEX ix_post_author_id ON post (author_id);

CREATE INDEX ix_post_campaign_id ON post (campaign_id);

CREATE INDEX ix_post_column_id ON post (column_id);

CREATE INDEX ix_post_day ON post (day);

CREATE INDEX ix_post_group_id_day_at_minute ON post (group_id, day, at_minute);

CREATE TABLE referral_task (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	started_on TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	CONSTRAINT uq_referral_task_campaign_id_member_id UNIQUE (campaign_id, member_id), 
	CONSTRAINT fk_referral_task_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_referral_task_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_referral_task_member_id ON referral_task (member_id);

CREATE TABLE sop_run (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sop_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	member_id INTEGER, 
	anchor_on TEXT NOT NULL, 
	ended_on TEXT, 
	started_on TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	CONSTRAINT fk_sop_run_sop_id FOREIGN KEY(sop_id) REFERENCES sop (id), 
	CONSTRAINT fk_sop_run_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_sop_run_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_sop_run_group_id_anchor_on ON sop_run (group_id, anchor_on);

CREATE INDEX ix_sop_run_member_id ON sop_run (member_id);

CREATE INDEX ix_sop_run_sop_id ON sop_run (sop_id);

CREATE TABLE sop_span (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sop_id INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	ended_on TEXT, 
	CONSTRAINT ck_sop_span_dates CHECK (ended_on >= from_day), 
	CONSTRAINT fk_sop_span_sop_id FOREIGN KEY(sop_id) REFERENCES sop (id)
)
 STRICT;

CREATE INDEX ix_sop_span_sop_id_from_day ON sop_span (sop_id, from_day);

CREATE TABLE sop_step (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sop_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	at_minute INTEGER, 
	title TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	script TEXT DEFAULT '' NOT NULL, 
	hat TEXT NOT NULL, 
	private INTEGER DEFAULT '0' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	from_day TEXT NOT NULL, 
	ended_on TEXT, 
	CONSTRAINT ck_sop_step_text CHECK (length(title) BETWEEN 1 AND 200 AND length(text) <= 20000), 
	CONSTRAINT ck_sop_step_minute CHECK (at_minute BETWEEN 0 AND 1439), 
	CONSTRAINT ck_sop_step_hat CHECK (hat IN ('owner', 'content', 'service', 'analyst')), 
	CONSTRAINT ck_sop_step_private CHECK (private IN (0, 1)), 
	CONSTRAINT ck_sop_step_dates CHECK (ended_on >= from_day), 
	CONSTRAINT fk_sop_step_sop_id FOREIGN KEY(sop_id) REFERENCES sop (id)
)
 STRICT;

CREATE INDEX ix_sop_step_sop_id_place ON sop_step (sop_id, place);

CREATE TABLE task (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	day TEXT NOT NULL, 
	at_minute INTEGER, 
	title TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	hat TEXT NOT NULL, 
	campaign_id INTEGER, 
	origin TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_task_title CHECK (length(title) BETWEEN 1 AND 200), 
	CONSTRAINT ck_task_minute CHECK (at_minute BETWEEN 0 AND 1439), 
	CONSTRAINT ck_task_hat CHECK (hat IN ('owner', 'content', 'service', 'analyst')), 
	CONSTRAINT fk_task_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_task_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id)
)
 STRICT;

CREATE INDEX ix_task_campaign_id ON task (campaign_id);

CREATE INDEX ix_task_group_id_day ON task (group_id, day);

CREATE TABLE violation (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	house_rule_id INTEGER, 
	step TEXT NOT NULL, 
	day TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_violation_step CHECK (step IN ('warning', 'removal')), 
	CONSTRAINT fk_violation_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_violation_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_violation_house_rule_id FOREIGN KEY(house_rule_id) REFERENCES house_rule (id)
)
 STRICT;

CREATE INDEX ix_violation_group_id_member_id_day ON violation (group_id, member_id, day);

CREATE INDEX ix_violation_member_id ON violation (member_id);

CREATE TABLE experiment_arm (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	experiment_id INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	first TEXT DEFAULT '' NOT NULL, 
	second TEXT DEFAULT '' NOT NULL, 
	weight INTEGER DEFAULT '1' NOT NULL, 
	CONSTRAINT ck_experiment_arm_name CHECK (length(name) BETWEEN 1 AND 64 AND weight BETWEEN 1 AND 1000), 
	CONSTRAINT uq_experiment_arm_experiment_id_name UNIQUE (experiment_id, name), 
	CONSTRAINT fk_experiment_arm_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiment (id)
)
 STRICT;

CREATE TABLE post_result (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	post_id INTEGER NOT NULL, 
	counted_on TEXT NOT NULL, 
	audience INTEGER, 
	reads INTEGER, 
	clicks INTEGER, 
	replies INTEGER, 
	orders INTEGER, 
	source TEXT DEFAULT '' NOT NULL, 
	counted_at TEXT NOT NULL, 
	CONSTRAINT ck_post_result_counts CHECK (audience >= 0 AND reads >= 0 AND clicks >= 0 AND replies >= 0 AND orders >= 0), 
	CONSTRAINT uq_post_result_post_id_counted_on UNIQUE (post_id, counted_on), 
	CONSTRAINT fk_post_result_post_id FOREIGN KEY(post_id) REFERENCES post (id)
)
 STRICT;

CREATE TABLE post_segment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	post_id INTEGER NOT NULL, 
	scheme TEXT NOT NULL, 
	bucket TEXT NOT NULL, 
	CONSTRAINT uq_post_segment_post_id_scheme_bucket UNIQUE (post_id, scheme, bucket), 
	CONSTRAINT fk_post_segment_post_id FOREIGN KEY(post_id) REFERENCES post (id)
)
 STRICT;

CREATE TABLE post_tag (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	post_id INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	CONSTRAINT uq_post_tag_post_id_tag UNIQUE (post_id, tag), 
	CONSTRAINT fk_post_tag_post_id FOREIGN KEY(post_id) REFERENCES post (id)
)
 STRICT;

CREATE INDEX ix_post_tag_tag ON post_tag (tag);

CREATE TABLE arm_result (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	arm_id INTEGER NOT NULL, 
	counted_on TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	x INTEGER NOT NULL, 
	counted_at TEXT NOT NULL, 
	CONSTRAINT ck_arm_result_counts CHECK (n >= 0 AND x BETWEEN 0 AND n), 
	CONSTRAINT uq_arm_result_arm_id_counted_on UNIQUE (arm_id, counted_on), 
	CONSTRAINT fk_arm_result_arm_id FOREIGN KEY(arm_id) REFERENCES experiment_arm (id)
)
 STRICT;

CREATE TABLE assignment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	experiment_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	arm_id INTEGER NOT NULL, 
	converted_on TEXT, 
	CONSTRAINT uq_assignment_experiment_id_member_id UNIQUE (experiment_id, member_id), 
	CONSTRAINT fk_assignment_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiment (id), 
	CONSTRAINT fk_assignment_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_assignment_arm_id FOREIGN KEY(arm_id) REFERENCES experiment_arm (id)
)
 STRICT;

CREATE INDEX ix_assignment_arm_id ON assignment (arm_id);

CREATE INDEX ix_assignment_member_id ON assignment (member_id);

CREATE TABLE question (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER, 
	group_id INTEGER NOT NULL, 
	speaker_id INTEGER, 
	member_id INTEGER, 
	asked_at TEXT, 
	day TEXT, 
	text TEXT NOT NULL, 
	state TEXT DEFAULT 'open' NOT NULL, 
	state_on TEXT, 
	answer TEXT DEFAULT '' NOT NULL, 
	post_id INTEGER, 
	CONSTRAINT ck_question_state CHECK (state IN ('open', 'picked', 'answered', 'dropped')), 
	CONSTRAINT ck_question_text CHECK (length(text) BETWEEN 1 AND 2000), 
	CONSTRAINT fk_question_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_question_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_question_speaker_id FOREIGN KEY(speaker_id) REFERENCES speaker (id), 
	CONSTRAINT fk_question_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_question_post_id FOREIGN KEY(post_id) REFERENCES post (id)
)
 STRICT;

