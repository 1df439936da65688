import core.clock
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('courses', '0002_search_index'),
        ('quizzes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Analysis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('lesson_uid', models.CharField(max_length=60)),
                ('params', models.JSONField(default=dict)),
                ('figures', models.JSONField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('wanted_at', models.DateTimeField(blank=True, null=True)),
                ('computed_at', models.DateTimeField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
            ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='analyses', to='courses.course')), ], options={"indexes": [models.Index(fields=['wanted_at'], name='quizzes_analysis_wanted')], },
        ),
        migrations.CreateModel(
            name='Bank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('audience', models.CharField(choices=[('editors', 'Whoever edits the course'), ('organisation', 'Instructors of the library'), ('shared', 'Instructors of the consortium'), ('public', 'All instructors')], default='editors', max_length=12)),
                ('created_at', models.DateTimeField(default=core.clock.now, editable=False)),
            ('course', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bank', to='courses.course')), ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='banks', to='accounts.organisation')), ],
            options={
                'ordering': ['title', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ExtraTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('percent', models.PositiveSmallIntegerField()),
                ('given_at', models.DateTimeField(default=core.clock.now, editable=False)),
            ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extra_times', to='courses.course')), ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extra_times', to=settings.AUTH_USER_MODEL)), ], options={"constraints": [models.UniqueConstraint(fields=('course', 'learner'), name='quizzes_extra_time_once')], },
        ),
        migrations.CreateModel(
            name='ImportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('line', models.PositiveIntegerField(blank=True, null=True)),
                ('path', models.CharField(blank=True, max_length=300)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('content', models.JSONField(null=True)),
                ('meta', models.JSONField(default=dict)),
                ('files', models.JSONField(default=dict, help_text='Name to sha256.')),
                ('warnings', models.JSONField(default=list)),
                ('reason', models.CharField(blank=True, max_length=1000)),
            ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.question')), ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Marking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('levels', models.JSONField(help_text='Criterion id to level id.')),
                ('fraction', models.DecimalField(decimal_places=5, max_digits=6)),
                ('comment', models.TextField(blank=True, help_text='For the learner, plain text.')),
                ('marked_at', models.DateTimeField(default=core.clock.now, editable=False)),
                ('reopened_at', models.DateTimeField(blank=True, null=True)),
                ('reopen_reason', models.CharField(blank=True, max_length=200)),
            ('marker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ('reopened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markings', to='quizzes.slot')), ],
            options={
                'ordering': ['slot_id', '-number'], "constraints": [models.UniqueConstraint(fields=('slot', 'number'), name='quizzes_marking_once')], },
        ),
        migrations.CreateModel(
            name='QuestionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000)),
                ('created_at', models.DateTimeField(default=core.clock.now, editable=False)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='quizzes.question')), ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='QuestionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
            ('media', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='question_uses', to='courses.mediafile')), ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='quizzes.questionversion')), ], options={"constraints": [models.UniqueConstraint(fields=('version', 'name'), name='quizzes_file_name_once')], },
        ),
        migrations.CreateModel(
            name='QuestionImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(max_length=12)),
                ('filename', models.CharField(max_length=200)),
                ('file', models.FileField(blank=True, upload_to='question-imports/%Y/%m/')),
                ('language', models.CharField(blank=True, max_length=12)),
                ('strict', models.BooleanField(default=False, help_text='All or nothing.')),
                ('as_ready', models.BooleanField(default=False, help_text='Taken as ready, not as drafts.')),
                ('state', models.CharField(choices=[('waiting', 'waiting to be read'), ('read', 'read: look at it'), ('wanted', 'being taken'), ('taken', 'taken'), ('failed', 'cannot be read'), ('undone', 'undone')], default='waiting', max_length=8)),
                ('fault', models.CharField(blank=True, max_length=500)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('position', models.PositiveBigIntegerField(default=0, help_text='Bytes read so far.')),
                ('read', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=core.clock.now, editable=False)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
            ('bank', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='quizzes.bank')), ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ],
            options={
                'ordering': ['-id'], "indexes": [models.Index(fields=['state', 'lease_until'], name='quizzes_import_state')], },
        ),
        migrations.CreateModel(
            name='QuestionTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
            ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='quizzes.question')), ],
            options={
                'ordering': ['name'], "indexes": [models.Index(fields=['name'], name='quizzes_tag_name')], "constraints": [models.UniqueConstraint(fields=('question', 'name'), name='quizzes_tag_once')], },
        ),
        migrations.CreateModel(
            name='Regrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(choices=[('all', 'every attempt, up or down'), ('up', 'only where it helps the learner')], default='up', max_length=3)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'being tried'), ('tried', 'tried: look at it'), ('wanted', 'being applied'), ('applied', 'applied'), ('dropped', 'dropped')], default='waiting', max_length=8)),
                ('looked_at', models.PositiveIntegerField(default=0, help_text='Attempts tried so far.')),
                ('total', models.PositiveIntegerField(default=0)),
                ('left_alone', models.JSONField(default=dict, help_text='Why attempts cannot be graded again, and how many: reason to number.')),
                ('created_at', models.DateTimeField(default=core.clock.now, editable=False)),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
            ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)), ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regrades', to='courses.course')), ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='quizzes.question')), ('version', models.ForeignKey(help_text='Whose key is right.', on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='quizzes.questionversion')), ],
            options={
                'ordering': ['-id'], "indexes": [models.Index(fields=['state', 'lease_until'], name='quizzes_regrade_state')], },
        ),
        migrations.CreateModel(
            name='RegradeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.PositiveSmallIntegerField()),
                ('after', models.PositiveSmallIntegerField()),
                ('passed_before', models.BooleanField()),
                ('passed_after', models.BooleanField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
            ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrade_changes', to='quizzes.attempt')), ('regrade', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='quizzes.regrade')), ], options={"constraints": [models.UniqueConstraint(fields=('regrade', 'attempt'), name='quizzes_change_once')], },
        ),
        migrations.CreateModel(
            name='Try',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('answer', models.JSONField(null=True)),
                ('fraction', models.DecimalField(decimal_places=5, max_digits=6)),
                ('recorded_at', models.DateTimeField(default=core.clock.now, editable=False)),
            ('slot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='quizzes.slot')), ],
            options={
                'ordering': ['slot_id', 'number'], "constraints": [models.UniqueConstraint(fields=('slot', 'number'), name='quizzes_try_once')], },
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='quizzes_question_uid_once',
        ),
        migrations.RemoveConstraint(
            model_name='questionversion',
            name='quizzes_version_hash_once',
        ),
        migrations.AddField(
            model_name='attempt',
            name='behaviour',
            field=models.CharField(default='deferred', help_text='As the edition said then.', max_length=12),
        ),
        migrations.AddField(
            model_name='attempt',
            name='closes_at',
            field=models.DateTimeField(blank=True, help_text='After the grace: later answers are kept, but do not count.', null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='due_at',
            field=models.DateTimeField(blank=True, help_text='When the time is up that the page shows.', null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='marking',
            field=models.CharField(blank=True, choices=[('waiting', 'waiting for a marker'), ('done', 'marked')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='partquestion',
            name='pool',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Number of the pool it is drawn from; empty: always asked.', null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='author',
            field=models.CharField(blank=True, help_text='As it is to be credited.', max_length=120),
        ),
        migrations.AddField(
            model_name='question',
            name='changed_at',
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name='question',
            name='created_at',
            field=models.DateTimeField(default=core.clock.now, editable=False),
        ),
        migrations.AddField(
            model_name='question',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='question',
            name='difficulty',
            field=models.CharField(blank=True, choices=[('easy', 'Easy'), ('medium', 'Medium'), ('hard', 'Hard')], max_length=6),
        ),
        migrations.AddField(
            model_name='question',
            name='draft',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='quizzes.questionversion'),
        ),
        migrations.AddField(
            model_name='question',
            name='fingerprint',
            field=models.CharField(blank=True, help_text='Equal for questions that say the same.', max_length=64),
        ),
        migrations.AddField(
            model_name='question',
            name='language',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='question',
            name='licence',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='question',
            name='name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='question',
            name='ready',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.questionversion'),
        ),
        migrations.AddField(
            model_name='question',
            name='retired_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='review_by',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='question',
            name='topic',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='question',
            name='type',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='question',
            name='words',
            field=models.TextField(blank=True, help_text='Name and stem as plain text, for search.'),
        ),
        migrations.AddField(
            model_name='questionversion',
            name='created_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='questionversion',
            name='language',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='questionversion',
            name='note',
            field=models.CharField(blank=True, help_text='What changed, in a few words.', max_length=200),
        ),
        migrations.AddField(
            model_name='questionversion',
            name='revision',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='questionversion',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('ready', 'Ready')], default='ready', max_length=5),
        ),
        migrations.AddField(
            model_name='slotmark',
            name='certainty',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='slotmark',
            name='earned',
            field=models.DecimalField(decimal_places=5, default=0, max_digits=6),
        ),
        migrations.AddField(
            model_name='slotmark',
            name='ms',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='slotmark',
            name='version',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='quizzes.questionversion'),
        ),
        migrations.AddField(
            model_name='step',
            name='certainty',
            field=models.PositiveSmallIntegerField(blank=True, help_text='1 to 3, where it is asked.', null=True),
        ),
        migrations.AddField(
            model_name='step',
            name='late',
            field=models.BooleanField(default=False, help_text='Came after the attempt was over: kept, does not count.'),
        ),
        migrations.AddField(
            model_name='step',
            name='ms',
            field=models.PositiveIntegerField(blank=True, help_text='Time on the question so far, as the browser says.', null=True),
        ),
        migrations.AlterField(
            model_name='question',
            name='uid',
            field=models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9-]{1,40}\\Z', 'Use letters, digits and hyphens.')]),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('closes_at__isnull', False), ('finished_at', None)), fields=['closes_at'], name='quizzes_attempt_closing'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('marking', 'waiting')), fields=['finished_at'], name='quizzes_attempt_marking'),
        ),
        migrations.AddConstraint(
            model_name='questionversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'ready')), fields=('question', 'hash'), name='quizzes_version_hash_once'),
        ),
        migrations.AddConstraint(
            model_name='questionversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('question',), name='quizzes_one_draft'),
        ),
        migrations.AddField(
            model_name='question',
            name='bank',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='quizzes.bank'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['bank', 'type'], name='quizzes_question_type'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['bank', 'topic'], name='quizzes_question_topic'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['bank', 'difficulty'], name='quizzes_question_difficulty'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['bank', 'review_by'], name='quizzes_question_review'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['fingerprint'], name='quizzes_question_same'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('bank', 'uid'), name='quizzes_question_uid_once'),
        ),
        migrations.AddField(
            model_name='importitem',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='quizzes.questionimport'),
        ),
        migrations.AddField(
            model_name='result',
            name='regrade',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='quizzes.regrade'),
        ),
        migrations.AddConstraint(
            model_name='importitem',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='quizzes_item_once'),
        ),
        migrations.CreateModel(
            name='KnownToDiffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=core.clock.now, editable=False)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='quizzes.question')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='quizzes.question')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='quizzes_differ_once')],
            },
        ),
    ]
