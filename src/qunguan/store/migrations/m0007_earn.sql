CREATE TABLE case_note (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	title TEXT NOT NULL, 
	place TEXT DEFAULT '' NOT NULL, 
	happened TEXT DEFAULT '' NOT NULL, 
	learned TEXT DEFAULT '' NOT NULL, 
	try_next TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	made_at TEXT NOT NULL, 
	CONSTRAINT ck_case_note_title CHECK (length(title) BETWEEN 1 AND 200)
)
 STRICT;

CREATE TABLE growth_mark (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	box TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	done_on TEXT NOT NULL, 
	made_at TEXT NOT NULL, 
	CONSTRAINT uq_growth_mark_box UNIQUE (box)
)
 STRICT;

CREATE TABLE growth_plan (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	begins_on TEXT NOT NULL, 
	made_at TEXT NOT NULL
)
 STRICT;

CREATE TABLE ad (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	brand TEXT NOT NULL, 
	fit TEXT NOT NULL, 
	fit_note TEXT DEFAULT '' NOT NULL, 
	disclosure TEXT NOT NULL, 
	price_fen INTEGER NOT NULL, 
	share_bp INTEGER NOT NULL, 
	invoice TEXT DEFAULT 'none' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	cancelled_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_ad_words CHECK (length(brand) BETWEEN 1 AND 200 AND length(disclosure) > 0), 
	CONSTRAINT ck_ad_fit CHECK (fit IN ('good', 'fair', 'poor')), 
	CONSTRAINT ck_ad_price CHECK (price_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_ad_share CHECK (share_bp BETWEEN 0 AND 10000), 
	CONSTRAINT ck_ad_invoice CHECK (invoice IN ('none', 'asked', 'sent')), 
	CONSTRAINT fk_ad_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_ad_group_id ON ad (group_id);

CREATE TABLE deal (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	need TEXT DEFAULT '' NOT NULL, 
	seeker_id INTEGER, 
	seeker TEXT DEFAULT '' NOT NULL, 
	giver_id INTEGER, 
	giver TEXT DEFAULT '' NOT NULL, 
	fee_bp INTEGER, 
	fee_fen INTEGER, 
	worth_fen INTEGER, 
	consent_on TEXT, 
	case_text TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_deal_title CHECK (length(title) BETWEEN 1 AND 200), 
	CONSTRAINT ck_deal_kind CHECK (kind IN ('match', 'hiring', 'pack')), 
	CONSTRAINT ck_deal_fee CHECK ((fee_bp IS NULL) <> (fee_fen IS NULL)), 
	CONSTRAINT ck_deal_fee_bp CHECK (fee_bp BETWEEN 0 AND 10000), 
	CONSTRAINT ck_deal_fee_fen CHECK (fee_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_deal_worth CHECK (worth_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT fk_deal_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_deal_seeker_id FOREIGN KEY(seeker_id) REFERENCES member (id), 
	CONSTRAINT fk_deal_giver_id FOREIGN KEY(giver_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_deal_giver_id ON deal (giver_id);

CREATE INDEX ix_deal_group_id ON deal (group_id);

CREATE INDEX ix_deal_seeker_id ON deal (seeker_id);

CREATE TABLE introduction (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	seeker_id INTEGER NOT NULL, 
	giver_id INTEGER NOT NULL, 
	about TEXT NOT NULL, 
	outcome TEXT DEFAULT '' NOT NULL, 
	outcome_on TEXT, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_introduction_two CHECK (seeker_id <> giver_id), 
	CONSTRAINT fk_introduction_seeker_id FOREIGN KEY(seeker_id) REFERENCES member (id), 
	CONSTRAINT fk_introduction_giver_id FOREIGN KEY(giver_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_introduction_giver_id ON introduction (giver_id);

CREATE INDEX ix_introduction_seeker_id ON introduction (seeker_id);

CREATE TABLE member_skill (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	text TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	noted_on TEXT NOT NULL, 
	CONSTRAINT ck_member_skill_kind CHECK (kind IN ('skill', 'need')), 
	CONSTRAINT uq_member_skill_member_id_kind_key UNIQUE (member_id, kind, "key"), 
	CONSTRAINT fk_member_skill_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_member_skill_kind_key ON member_skill (kind, "key");

CREATE TABLE "plan" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER, 
	name TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	term_days INTEGER, 
	ends_on TEXT, 
	early_places INTEGER DEFAULT '0' NOT NULL, 
	early_gift TEXT DEFAULT '' NOT NULL, 
	refund_days INTEGER NOT NULL, 
	grace_days INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	retired_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_plan_term CHECK ((term_days IS NULL) <> (ends_on IS NULL)), 
	CONSTRAINT ck_plan_days CHECK (term_days BETWEEN 1 AND 36600), 
	CONSTRAINT ck_plan_numbers CHECK (early_places >= 0 AND refund_days >= 0 AND grace_days >= 0), 
	CONSTRAINT ck_plan_name CHECK (length(name) BETWEEN 1 AND 200), 
	CONSTRAINT fk_plan_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT uq_plan_key UNIQUE ("key")
)
 STRICT;

CREATE TABLE product (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER, 
	name TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	rung TEXT NOT NULL, 
	category TEXT DEFAULT '' NOT NULL, 
	price_fen INTEGER, 
	note TEXT DEFAULT '' NOT NULL, 
	retired_on TEXT, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_product_kind CHECK (kind IN ('goods', 'bundle', 'service', 'camp')), 
	CONSTRAINT ck_product_rung CHECK (rung IN ('free', 'trial', 'course', 'personal', 'other')), 
	CONSTRAINT ck_product_price CHECK (price_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_product_name CHECK (length(name) BETWEEN 1 AND 200), 
	CONSTRAINT fk_product_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT uq_product_key UNIQUE ("key")
)
 STRICT;

CREATE TABLE survey (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	group_id INTEGER, 
	name TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	intro TEXT DEFAULT '' NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT ck_survey_purpose CHECK (purpose IN ('positioning', 'newcomer', 'wake_up', 'other')), 
	CONSTRAINT ck_survey_name CHECK (length(name) BETWEEN 1 AND 200), 
	CONSTRAINT fk_survey_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT uq_survey_key UNIQUE ("key")
)
 STRICT;

CREATE TABLE thanks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	member_id INTEGER NOT NULL, 
	group_id INTEGER, 
	reason TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	said_on TEXT, 
	how TEXT DEFAULT '' NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_thanks_reason CHECK (length(reason) BETWEEN 1 AND 500), 
	CONSTRAINT fk_thanks_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_thanks_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id)
)
 STRICT;

CREATE INDEX ix_thanks_member_id ON thanks (member_id);

CREATE INDEX ix_thanks_said_on ON thanks (said_on);

CREATE TABLE ad_deal (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ad_id INTEGER NOT NULL, 
	deals INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_ad_deal_deals CHECK (deals > 0), 
	CONSTRAINT ck_ad_deal_amount CHECK (amount_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT fk_ad_deal_ad_id FOREIGN KEY(ad_id) REFERENCES ad (id)
)
 STRICT;

CREATE INDEX ix_ad_deal_ad_id_biz_date ON ad_deal (ad_id, biz_date);

CREATE TABLE ad_payment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ad_id INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_ad_payment_amount CHECK (amount_fen <> 0 AND abs(amount_fen) <= 100000000000), 
	CONSTRAINT fk_ad_payment_ad_id FOREIGN KEY(ad_id) REFERENCES ad (id)
)
 STRICT;

CREATE INDEX ix_ad_payment_ad_id ON ad_payment (ad_id);

CREATE INDEX ix_ad_payment_biz_date ON ad_payment (biz_date);

CREATE TABLE chat_answer (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	import_id INTEGER NOT NULL, 
	group_id INTEGER NOT NULL, 
	speaker_id INTEGER NOT NULL, 
	member_id INTEGER, 
	to_speaker_id INTEGER NOT NULL, 
	to_member_id INTEGER, 
	day TEXT NOT NULL, 
	times INTEGER NOT NULL, 
	CONSTRAINT ck_chat_answer_times CHECK (times > 0 AND speaker_id <> to_speaker_id), 
	CONSTRAINT uq_chat_answer_speaker_id_to_speaker_id_day_import_id UNIQUE (speaker_id, to_speaker_id, day, import_id), 
	CONSTRAINT fk_chat_answer_import_id FOREIGN KEY(import_id) REFERENCES chat_import (id), 
	CONSTRAINT fk_chat_answer_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT fk_chat_answer_speaker_id FOREIGN KEY(speaker_id) REFERENCES speaker (id), 
	CONSTRAINT fk_chat_answer_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_chat_answer_to_speaker_id FOREIGN KEY(to_speaker_id) REFERENCES speaker (id), 
	CONSTRAINT fk_chat_answer_to_member_id FOREIGN KEY(to_member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_chat_answer_group_id_day ON chat_answer (group_id, day);

CREATE INDEX ix_chat_answer_import_id ON chat_answer (import_id);

CREATE INDEX ix_chat_answer_member_id ON chat_answer (member_id);

CREATE INDEX ix_chat_answer_to_member_id ON chat_answer (to_member_id);

CREATE INDEX ix_chat_answer_to_speaker_id ON chat_answer (to_speaker_id);

CREATE TABLE deal_move (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	deal_id INTEGER NOT NULL, 
	stage TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_deal_move_stage CHECK (stage IN ('lead', 'introduced', 'talking', 'agreed', 'done', 'lost')), 
	CONSTRAINT fk_deal_move_deal_id FOREIGN KEY(deal_id) REFERENCES deal (id)
)
 STRICT;

CREATE INDEX ix_deal_move_deal_id ON deal_move (deal_id);

CREATE TABLE deal_payment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	deal_id INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_deal_payment_amount CHECK (amount_fen <> 0 AND abs(amount_fen) <= 100000000000), 
	CONSTRAINT fk_deal_payment_deal_id FOREIGN KEY(deal_id) REFERENCES deal (id)
)
 STRICT;

CREATE INDEX ix_deal_payment_biz_date ON deal_payment (biz_date);

CREATE INDEX ix_deal_payment_deal_id ON deal_payment (deal_id);

CREATE TABLE plan_benefit (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	plan_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	scarce INTEGER DEFAULT '0' NOT NULL, 
	quota INTEGER, 
	retired_on TEXT, 
	CONSTRAINT ck_plan_benefit_scarce CHECK (scarce IN (0, 1)), 
	CONSTRAINT ck_plan_benefit_quota CHECK (quota > 0), 
	CONSTRAINT uq_plan_benefit_plan_id_name UNIQUE (plan_id, name), 
	CONSTRAINT fk_plan_benefit_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
)
 STRICT;

CREATE TABLE plan_price (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	plan_id INTEGER NOT NULL, 
	from_day TEXT NOT NULL, 
	places INTEGER, 
	price_fen INTEGER NOT NULL, 
	CONSTRAINT ck_plan_price_price CHECK (price_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_plan_price_places CHECK (places > 0), 
	CONSTRAINT fk_plan_price_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id)
)
 STRICT;

CREATE INDEX ix_plan_price_plan_id_from_day ON plan_price (plan_id, from_day);

CREATE TABLE product_article (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	product_id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	CONSTRAINT fk_product_article_product_id FOREIGN KEY(product_id) REFERENCES product (id), 
	CONSTRAINT uq_product_article_key UNIQUE ("key")
)
 STRICT;

CREATE INDEX ix_product_article_product_id ON product_article (product_id);

CREATE TABLE product_claim (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	product_id INTEGER NOT NULL, 
	said TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	members INTEGER NOT NULL, 
	biz_date TEXT NOT NULL, 
	CONSTRAINT ck_product_claim_amount CHECK (amount_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_product_claim_members CHECK (members > 0), 
	CONSTRAINT fk_product_claim_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;

CREATE INDEX ix_product_claim_product_id ON product_claim (product_id);

CREATE TABLE product_part (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	product_id INTEGER NOT NULL, 
	part_id INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	CONSTRAINT ck_product_part_quantity CHECK (quantity > 0), 
	CONSTRAINT ck_product_part_part CHECK (part_id <> product_id), 
	CONSTRAINT uq_product_part_product_id_part_id UNIQUE (product_id, part_id), 
	CONSTRAINT fk_product_part_product_id FOREIGN KEY(product_id) REFERENCES product (id), 
	CONSTRAINT fk_product_part_part_id FOREIGN KEY(part_id) REFERENCES product (id)
)
 STRICT;

CREATE TABLE product_topic (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	product_id INTEGER NOT NULL, 
	topic TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	CONSTRAINT uq_product_topic_product_id_key UNIQUE (product_id, "key"), 
	CONSTRAINT fk_product_topic_product_id FOREIGN KEY(product_id) REFERENCES product (id)
)
 STRICT;

CREATE TABLE subscription (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	plan_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	group_id INTEGER, 
	starts_on TEXT NOT NULL, 
	ends_on TEXT NOT NULL, 
	paid_fen INTEGER NOT NULL, 
	early INTEGER DEFAULT '0' NOT NULL, 
	gift_on TEXT, 
	order_id INTEGER, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT ck_subscription_days CHECK (ends_on >= starts_on), 
	CONSTRAINT ck_subscription_paid CHECK (paid_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_subscription_early CHECK (early IN (0, 1)), 
	CONSTRAINT fk_subscription_plan_id FOREIGN KEY(plan_id) REFERENCES "plan" (id), 
	CONSTRAINT fk_subscription_member_id FOREIGN KEY(member_id) REFERENCES member (id), 
	CONSTRAINT fk_subscription_group_id FOREIGN KEY(group_id) REFERENCES chat_group (id), 
	CONSTRAINT uq_subscription_order_id UNIQUE (order_id), 
	CONSTRAINT fk_subscription_order_id FOREIGN KEY(order_id) REFERENCES shop_order (id)
)
 STRICT;

CREATE INDEX ix_subscription_biz_date ON subscription (biz_date);

CREATE INDEX ix_subscription_member_id_plan_id_starts_on ON subscription (member_id, plan_id, starts_on);

CREATE INDEX ix_subscription_plan_id_ends_on ON subscription (plan_id, ends_on);

CREATE TABLE survey_question (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	survey_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	CONSTRAINT ck_survey_question_kind CHECK (kind IN ('one', 'many', 'number', 'text')), 
	CONSTRAINT uq_survey_question_survey_id_key UNIQUE (survey_id, "key"), 
	CONSTRAINT fk_survey_question_survey_id FOREIGN KEY(survey_id) REFERENCES survey (id)
)
 STRICT;

CREATE TABLE survey_reply (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	survey_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	name TEXT NOT NULL, 
	member_id INTEGER, 
	matched_by TEXT NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	settled_on TEXT, 
	CONSTRAINT uq_survey_reply_survey_id_number UNIQUE (survey_id, number), 
	CONSTRAINT fk_survey_reply_survey_id FOREIGN KEY(survey_id) REFERENCES survey (id), 
	CONSTRAINT fk_survey_reply_member_id FOREIGN KEY(member_id) REFERENCES member (id)
)
 STRICT;

CREATE INDEX ix_survey_reply_member_id ON survey_reply (member_id);

CREATE TABLE ad_run (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ad_id INTEGER NOT NULL, 
	post_id INTEGER NOT NULL, 
	biz_date TEXT NOT NULL, 
	CONSTRAINT fk_ad_run_ad_id FOREIGN KEY(ad_id) REFERENCES ad (id), 
	CONSTRAINT uq_ad_run_post_id UNIQUE (post_id), 
	CONSTRAINT fk_ad_run_post_id FOREIGN KEY(post_id) REFERENCES post (id)
)
 STRICT;

CREATE INDEX ix_ad_run_ad_id_biz_date ON ad_run (ad_id, biz_date);

CREATE TABLE plan_use (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	subscription_id INTEGER NOT NULL, 
	benefit_id INTEGER NOT NULL, 
	times INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_plan_use_times CHECK (times > 0), 
	CONSTRAINT fk_plan_use_subscription_id FOREIGN KEY(subscription_id) REFERENCES subscription (id), 
	CONSTRAINT fk_plan_use_benefit_id FOREIGN KEY(benefit_id) REFERENCES plan_benefit (id)
)
 STRICT;

CREATE INDEX ix_plan_use_subscription_id_benefit_id ON plan_use (subscription_id, benefit_id);

CREATE TABLE subscription_refund (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	subscription_id INTEGER NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	biz_date TEXT NOT NULL, 
	occurred_at TEXT NOT NULL, 
	CONSTRAINT ck_subscription_refund_amount CHECK (amount_fen BETWEEN 0 AND 100000000000), 
	CONSTRAINT uq_subscription_refund_subscription_id UNIQUE (subscription_id), 
	CONSTRAINT fk_subscription_refund_subscription_id FOREIGN KEY(subscription_id) REFERENCES subscription (id)
)
 STRICT;

CREATE INDEX ix_subscription_refund_biz_date ON subscription_refund (biz_date);

CREATE TABLE survey_answer (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	reply_id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT fk_survey_answer_reply_id FOREIGN KEY(reply_id) REFERENCES survey_reply (id), 
	CONSTRAINT fk_survey_answer_question_id FOREIGN KEY(question_id) REFERENCES survey_question (id)
)
 STRICT;

CREATE INDEX ix_survey_answer_question_id_text ON survey_answer (question_id, text);

CREATE INDEX ix_survey_answer_reply_id ON survey_answer (reply_id);

CREATE TABLE survey_option (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	question_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	tag TEXT DEFAULT '' NOT NULL, 
	intent INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT uq_survey_option_question_id_key UNIQUE (question_id, "key"), 
	CONSTRAINT fk_survey_option_question_id FOREIGN KEY(question_id) REFERENCES survey_question (id)
)
 STRICT;

